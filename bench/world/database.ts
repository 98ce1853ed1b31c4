import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { agentsPlugin } from '#agents'
import { prepareDatabase, type Plugin } from '#core'
import { startEmbedded } from '../../core/database/embedded/index.ts'
import { migrationsOf } from '../../core/testing/database.ts'
import { childrenOf, commandOf, cpuOf, parentOf } from '../measure/processes.ts'

/** An embedded PostgreSQL of this run's own, migrated for the given plugins and the agents. */
export interface World {
  readonly adminUrl: string
  readonly runtimeUrl: string
  readonly secret: Buffer
  /** A connection that row-level security does not bind, to fill tables with. */
  readonly admin: pg.Client
  /** Runs statements over another such connection, so that several can go on at once. */
  aside(statements: string): Promise<void>
  /** Microseconds of processor time that PostgreSQL has used so far for those who log in as the product does. */
  cpu(): number
  /** The same of all of PostgreSQL's processes, whoever logs in. */
  wholeCpu(): number
  close(): Promise<void>
}

export async function openWorld(plugins: readonly Plugin[]): Promise<World> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tekup-bench-'))
  const server = await startEmbedded({ dataDirectory })
  const { runtimeUrl, secret } = await prepareDatabase(
    server.adminUrl,
    migrationsOf([agentsPlugin, ...plugins]),
  )
  const admin = new pg.Client({ connectionString: server.adminUrl })
  await admin.connect()
  const { rows } = await admin.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const postmaster = parentOf(rows[0]!.pid)
  return {
    adminUrl: server.adminUrl,
    runtimeUrl,
    secret,
    admin,
    aside: async (statements) => {
      const client = new pg.Client({ connectionString: server.adminUrl })
      await client.connect()
      await client.query(statements).finally(() => client.end())
    },
    cpu: () => cpuOf(childrenOf(postmaster).filter((id) => commandOf(id).includes('tekup_login'))),
    wholeCpu: () => cpuOf(childrenOf(postmaster)),
    close: async () => {
      await admin.end()
      await server.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}
