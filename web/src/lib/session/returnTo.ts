/** The sign-in page, remembering where the reader was going. */
export function loginAddress(from: { pathname: string; search: string }): string {
  const going = from.pathname + from.search
  return going === '/' ? '/login' : `/login?next=${encodeURIComponent(going)}`
}

/** Where to go after sign-in: only ever to a page of our own, whatever the address says. */
export function returnAddress(next: string | null): string {
  const base = 'https://own.invalid'
  if (!next || !next.startsWith('/') || !URL.canParse(next, base)) return '/'
  const url = new URL(next, base)
  const isOurs = url.origin === base && !url.pathname.startsWith('//') && url.pathname !== '/login'
  return isOurs ? url.pathname + url.search + url.hash : '/'
}
