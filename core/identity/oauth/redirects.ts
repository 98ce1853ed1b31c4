const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Schemes that a browser runs or reads itself: an answer sent there would be no program's. */
const ofBrowsers = /^(javascript|data|blob|file|about|vbscript|view-source|ws|wss|ftp):$/

/**
 * Whether an answer may be sent to this address: HTTPS, plain HTTP to this very machine, or a desktop program's own
 * scheme such as `cursor:` (RFC 8252, 7). No fragment (RFC 6749, 3.1.2).
 */
export function isRedirectAddress(address: string): boolean {
  if (address.length > 1_000 || address.includes('#') || !URL.canParse(address)) return false
  const { protocol, hostname, username, password } = new URL(address)
  if (username !== '' || password !== '') return false
  if (protocol === 'http:') return loopback.has(hostname)
  return protocol === 'https:' ? hostname !== '' : !ofBrowsers.test(protocol)
}

/** The asked address must be one that the client named; on this machine the port may be any (RFC 8252, 7.3). */
export function isKnownRedirect(known: readonly string[], asked: string): boolean {
  if (!isRedirectAddress(asked)) return false
  return known.some((address) => address === asked || sameButForPort(address, asked))
}

/** Whether whoever gets the answer is a program on the person's own machine, which can be any. */
export const isOnThisMachine = (address: string): boolean => loopback.has(new URL(address).hostname)

function sameButForPort(known: string, asked: string): boolean {
  const [a, b] = [new URL(known), new URL(asked)]
  if (a.protocol !== 'http:' || !loopback.has(a.hostname)) return false
  b.port = a.port
  return a.href === b.href
}
