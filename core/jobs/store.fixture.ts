import { createLogger } from '../observability/log.ts'
import { openPostgresStore } from './postgresStore.ts'
import { openRedisStore } from './redisStore.ts'

/** A worker of its own that takes a parcel, says so, and is at it until it is killed from outside. */
const { store, url, queue, timing } = JSON.parse(process.argv[2]!) as {
  readonly store: 'PostgreSQL' | 'Redis'
  readonly url: string
  readonly queue: string
  readonly timing: { readonly lock: number; readonly stalled: number }
}
const log = createLogger({ level: 'silent', format: 'json' })
const opened = await (store === 'Redis'
  ? openRedisStore({ url, queue, timing, log })
  : openPostgresStore({ adminUrl: url, queue, timing, log }))
await opened.work(async ({ id }) => {
  process.stdout.write(`taken ${id}\n`)
  await new Promise(() => undefined)
}, 1)
setInterval(() => undefined, 60_000)
