import { createPostgresBackend, runMigrations } from 'bullmq'
import { openQueuePool } from '../database/queuePool.ts'
import type { Logger } from '../observability/log.ts'
import { createBullmqStore, type Timing } from './bullmqStore.ts'
import type { JobStore } from './store.ts'

export interface PostgresStoreOptions {
  /** The administrator's login: the queue's tables are brought up to date with it. */
  readonly adminUrl: string
  readonly log: Logger
  readonly queue?: string
  readonly timing?: Timing
}

/** One listens for ever; the others are for everything else that the queue says. */
const connections = 3

/** The queue in a schema of its own beside the product's. */
export async function openPostgresStore({
  adminUrl,
  log,
  queue = 'tekup',
  timing,
}: PostgresStoreOptions): Promise<JobStore> {
  const pool = await openQueuePool(adminUrl, connections, (admin, schema) =>
    runMigrations(admin as never, schema),
  )
  pool.on('error', () => undefined)
  return createBullmqStore({
    name: 'PostgreSQL',
    connections,
    log,
    queue,
    connection: pool,
    backend: createPostgresBackend,
    ...(timing && { timing }),
    closed: () => pool.end(),
  })
}
