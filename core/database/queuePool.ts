import pg from 'pg'
import { installationValue, prepareLogin } from './roles.ts'
import { reachable, watchSilence } from './silence.ts'
import { takePreparationLock } from './preparationLock.ts'

/** Where the queue keeps its tables: no company's row stands there, and the login of the product cannot look into it. */
export const queueSchema = 'bullmq'

/**
 * Milliseconds that a server which lives may need for a word while the queue is prepared, where it may wait for another
 * process: what is silent for longer is gone, and all that was still to be said over it fails with it.
 */
const preparing = { usual: 30_000, inDoubt: 30_000, connecting: 5_000 }

/** Milliseconds after which a statement of the queue itself is given up. */
const usualTimeout = 15_000

/**
 * A small pool for the queue, with a login of its own that reaches the queue's schema and nothing else. The queue's
 * migrations run first, as the administrator.
 */
export async function openQueuePool(
  adminUrl: string,
  connections: number,
  migrate: (admin: pg.Client, schema: string) => Promise<unknown>,
): Promise<pg.Pool> {
  const admin = new pg.Client({
    connectionString: adminUrl,
    application_name: 'tekup-migrate',
    ...reachable,
  })
  watchSilence(preparing).watch(admin)
  // Whoever waits for an answer is told; with nobody to hear this besides, the process would end.
  admin.on('error', () => undefined)
  await admin.connect()
  try {
    await takePreparationLock(admin)
    await migrate(admin, queueSchema)
    return poolOf(adminUrl, await prepareQueueLogin(admin), connections)
  } finally {
    await admin.end()
  }
}

async function prepareQueueLogin(admin: pg.Client): Promise<{ role: string; password: string }> {
  const password = (await installationValue(admin, 'queue_password')).toString('base64url')
  const role = await prepareLogin(admin, 'tekup_queue', password)
  await admin.query(`
    -- Adding in bulk goes through temporary tables.
    DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO ${role}', current_database()); END $$;
    -- The queue makes a sequence for each new queue.
    GRANT USAGE, CREATE ON SCHEMA ${queueSchema} TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${queueSchema} TO ${role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${queueSchema} TO ${role}`)
  return { role, password }
}

function poolOf(
  adminUrl: string,
  { role, password }: { role: string; password: string },
  connections: number,
): pg.Pool {
  const url = new URL(adminUrl)
  url.username = role
  url.password = password
  const pool = new pg.Pool({
    connectionString: url.href,
    max: connections,
    application_name: 'tekup-queue',
    // What the server forgets of the queue when it crashes is handed out again, so no commit of it waits for the disk.
    options: `-c search_path=${queueSchema} -c synchronous_commit=off`,
    // A connection that went without a word is found out by this, not by the operating system after a quarter of an hour.
    query_timeout: usualTimeout,
    ...reachable,
  })
  // The pool hears of those that lie idle alone.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
