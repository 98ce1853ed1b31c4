import { randomUUIDv7 } from 'node:crypto'
import { createPostgresBackend, Queue, runMigrations, Worker } from 'bullmq'
import type { BackendFactory, RedisQueueBackend } from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import { queueSchema } from '../../core/database/queuePool.ts'
import { answering } from '../clients/answering.ts'
import { now } from '../measure/clock.ts'
import { atOnce, measured, type Asked, type Opened, type Span } from './opened.ts'

/** Connections that BullMQ opens where nobody says how many, and as many for the rows of companies. */
const connections = 10

interface Stroke {
  readonly id: string
  readonly tenant: string
}

let queue: Queue<Stroke>
let open: () => Worker<Stroke>
let worker: Worker<Stroke>
let rows: pg.Pool
let onActive: () => void = () => undefined
let onCompleted: () => void = () => undefined

/**
 * Bare BullMQ: a job of its own for each thing that is to be done. Its handler makes the same row of the same company under
 * the same row-level security, in one transaction and one exchange (`row`), or does nothing (`nothing`). It asks for no
 * right, keeps no trail and no record of what was done, knows neither order nor fairness, and does twice what is delivered
 * twice.
 */
answering({
  open: async (opened: Opened & { readonly does: 'row' | 'nothing' }) => {
    const { runtimeUrl, redisUrl, does } = opened
    const connection = (
      redisUrl ? new Redis(redisUrl, { maxRetriesPerRequest: null }) : await tables(opened)
    ) as never
    const backend = (redisUrl
      ? undefined
      : createPostgresBackend) as unknown as BackendFactory<RedisQueueBackend>
    const handler = does === 'row' ? makeRow : async () => undefined
    rows = poolOf({ connectionString: runtimeUrl, pipeline: true } as pg.PoolConfig)
    queue = new Queue(does, { connection }, backend)
    open = () => new Worker(does, ({ data }) => handler(data), { connection, concurrency: atOnce }, backend)
  },
  ...measured({ ask: askAll, work, spanOf }),
  rest: () => worker.close(),
})

const poolOf = (config: pg.PoolConfig): pg.Pool =>
  new pg.Pool({ ...config, max: connections, application_name: 'peer', idleTimeoutMillis: 0 })

async function tables({ adminUrl }: Opened): Promise<pg.Pool> {
  const pool = poolOf({ connectionString: adminUrl, options: `-c search_path=${queueSchema}` })
  const admin = await pool.connect()
  await runMigrations(admin as never, queueSchema)
  admin.release()
  return pool
}

function work(): void {
  worker = open()
  worker.on('active', () => onActive())
  worker.on('completed', () => onCompleted())
}

async function askAll({ companies, jobs, together }: Asked): Promise<void> {
  for (let asked = 0; asked < jobs; asked += together) {
    const { tenant } = companies[(asked / together) % companies.length]!
    await queue.addBulk(Array.from({ length: together }, () => jobOf({ tenant, id: randomUUIDv7() })))
  }
}

const jobOf = (data: Stroke) => ({
  name: 'stroke',
  data,
  opts: { jobId: data.id, removeOnComplete: true, removeOnFail: true },
})

async function makeRow({ tenant, id }: Stroke): Promise<void> {
  const client = await rows.connect()
  await Promise.all([
    client.query(`BEGIN; SET LOCAL app.tenant_id = '${tenant}'`),
    client.query({
      name: 'row',
      text: 'INSERT INTO tally.strokes (tenant_id, id, begun) VALUES ($1, $2, $3)',
      values: [tenant, id, now()],
    }),
    client.query('COMMIT'),
  ])
  client.release()
}

function spanOf(jobs: number): Promise<Span> {
  let begun: number | undefined
  let left = jobs
  return new Promise((resolve) => {
    onActive = () => void (begun ??= now())
    onCompleted = () => void (--left === 0 && resolve({ begun: begun!, ended: now() }))
  })
}
