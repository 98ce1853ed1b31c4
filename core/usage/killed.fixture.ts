import { openDatabase } from '../database/database.ts'
import { createLogger } from '../observability/log.ts'
import type { PlannedCall } from './call.ts'
import { createUsageMeter } from './meter.ts'

/** A process of its own that begins one call of a model, says so, and is ended from outside in the middle of it. */
const { url, call } = JSON.parse(process.argv[2]!) as { url: string; call: PlannedCall }
const meter = createUsageMeter({
  database: openDatabase({ url }),
  clock: { now: () => new Date() },
  log: createLogger({ level: 'silent', format: 'json' }),
  observe: { settled: () => undefined, refused: () => undefined },
})
await meter.begin(call)
process.stdout.write('begun\n')
await new Promise((resolve) => process.stdin.once('data', resolve))
