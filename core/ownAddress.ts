import type { Config } from './config.ts'

/** Where this installation is reached: what it may be called in a Host header, and what its own pages come from. */
export interface OwnAddress {
  /** Host names without ports. */
  readonly hostnames: readonly string[]
  /** Whether an origin such as `https://tekup.example` is this installation's own. */
  isOrigin(origin: string): boolean
}

const loopback = ['localhost', '127.0.0.1', '[::1]']
const everyAddress = new Set(['0.0.0.0', '::'])

/**
 * Anybody's web page can point a name of its own at this machine and let a visitor's browser call it (DNS rebinding);
 * what answers programs therefore takes only names that the operator gave, and this machine's own.
 */
export function ownAddress({ PUBLIC_URL, HOST }: Pick<Config, 'PUBLIC_URL' | 'HOST'>): OwnAddress {
  const named = PUBLIC_URL === undefined ? undefined : new URL(PUBLIC_URL)
  const bound = everyAddress.has(HOST) ? [] : [HOST.includes(':') ? `[${HOST}]` : HOST]
  const local = [...new Set([...loopback, ...bound])]
  return {
    hostnames: named ? [...local, named.hostname] : local,
    isOrigin: (origin) => {
      if (!URL.canParse(origin)) return false
      const url = new URL(origin)
      return url.origin === origin && (origin === named?.origin || local.includes(url.hostname))
    },
  }
}
