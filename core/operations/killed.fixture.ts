import { readConfig } from '../config.ts'
import { createCore } from '../core.ts'
import { openDatabase } from '../database/database.ts'
import { createLogger } from '../observability/log.ts'
import type { Caller } from './caller.ts'
import { post } from './post.fixture.ts'

/** A process of its own that makes one call, and is killed from outside while another system takes its time. */
const { url, secret, host, tenant, person, operation, input, key } = JSON.parse(process.argv[2]!) as {
  readonly [name in 'url' | 'secret' | 'host' | 'tenant' | 'person' | 'operation']: string
} & { readonly input: unknown; readonly key?: string }

const core = createCore({
  config: readConfig({ LOG_LEVEL: 'silent', EGRESS_ALLOW: host }),
  database: openDatabase({ url }),
  secret: Buffer.from(secret, 'base64'),
  plugins: [post],
  log: createLogger({ level: 'silent', format: 'json' }),
  accessOf: async () => caller,
})
const caller: Caller = {
  tenant: { id: tenant, name: 'Test' },
  actor: { kind: 'person', id: person, name: 'Anna' },
  locale: 'en',
  permissions: new Set(core.registry.operations.map(({ permission }) => permission)),
  domains: new Set(core.registry.domains),
  origin: { surface: 'rest', requestId: 'killed' },
  ...(key !== undefined && { idempotencyKey: key }),
}
await core.invoke(core.registry.find(operation)!, input, caller)
