import { readConfig } from '../config.ts'
import { createCore } from '../core.ts'
import { openDatabase } from '../database/database.ts'
import { createLogger } from '../observability/log.ts'
import type { Caller } from '../operations/caller.ts'
import { shelf } from '../testing/shelf/shelf.ts'

/**
 * A process of its own in which a person says yes, and which is ended from outside: it stops for ever once the decision
 * is committed and before anything is carried out, or it goes on into the carrying out.
 */
const { url, secret, id, tenant, person, stops, changes } = JSON.parse(process.argv[2]!) as {
  url: string
  secret: string
  id: string
  tenant: string
  person: string
  stops: 'before' | 'within'
  /** What the person makes of it. */
  changes?: object
}

const core = createCore({
  config: readConfig({ LOG_LEVEL: 'silent' }),
  database: openDatabase({ url }),
  secret: Buffer.from(secret, 'base64'),
  plugins: [shelf],
  log: createLogger({ level: 'silent', format: 'json' }),
  accessOf: async () => {
    process.stdout.write('decided\n')
    if (stops === 'before') await new Promise((resolve) => process.stdin.once('data', resolve))
    return caller
  },
})
const caller: Caller = {
  tenant: { id: tenant, name: 'Test' },
  actor: { kind: 'person', id: person, name: 'Anna' },
  locale: 'en',
  permissions: new Set(core.registry.operations.map(({ permission }) => permission)),
  domains: new Set(core.registry.domains),
  origin: { surface: 'rest', requestId: 'crash-test' },
}
const approve = core.registry.find('platform.approvals.approve')!
await core.invoke(approve, { id, ...(changes && { changes }) }, caller)
process.stdout.write('done\n')
await core.close()
