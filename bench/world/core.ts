import {
  createCore,
  createLogger,
  openDatabase,
  readConfig,
  type Caller,
  type Core,
  type Plugin,
} from '#core'
import type { Company } from './companies.ts'
import type { World } from './database.ts'

/** The core in this process, over the world's database; rate limits are out of the way. */
export function openCore(
  { runtimeUrl, secret }: Pick<World, 'runtimeUrl' | 'secret'>,
  plugins: readonly Plugin[],
  settings: Readonly<Record<string, string>> = {},
): Core {
  return createCore({
    config: readConfig({ ...settings, RATE_LIMIT_PER_MINUTE: '100000000' }),
    database: openDatabase({ url: runtimeUrl }),
    secret,
    plugins,
    log: createLogger({ level: 'error', format: 'json' }),
  })
}

/** The company's person, with every permission. */
export const callerOf = ({ registry }: Core, { tenant, person }: Company): Caller => ({
  tenant: { id: tenant, name: 'Firma' },
  actor: { kind: 'person', id: person, name: 'Anna' },
  locale: 'da',
  permissions: new Set(registry.operations.map(({ permission }) => permission)),
  domains: new Set(registry.domains),
  origin: { surface: 'rest', requestId: 'bench-request' },
})
