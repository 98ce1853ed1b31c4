import type { ModelChoice, Vendor } from './choice.ts'

const keyHeaders: Readonly<Record<Vendor, (key: string) => [name: string, value: string]>> = {
  openai: (key) => ['authorization', `Bearer ${key}`],
  azure: (key) => ['api-key', key],
  google: (key) => ['x-goog-api-key', key],
}

/** What the vendors' clients hold instead of the key, so that nothing that looks into them can find it. */
export const noKey = 'added-on-the-way-out'

/** Writes the key into a request as it goes out: no client, error or trace ever holds it. */
export function keyedFetch(go: typeof fetch, { vendor, apiKey }: ModelChoice): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers)
    for (const name of ['authorization', 'api-key', 'x-goog-api-key']) headers.delete(name)
    if (apiKey !== undefined) headers.set(...keyHeaders[vendor](apiKey))
    return go(input, { ...init, headers })
  }
}
