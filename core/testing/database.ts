import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase, type Database, type DatabaseOptions } from '../database/database.ts'
import { coreMigrations, prepareDatabase, type MigrationSource } from '../database/migrate.ts'
import type { Plugin } from '../operations/plugin.ts'

export interface TestDatabase {
  readonly adminUrl: string
  readonly runtimeUrl: string
  readonly secret: Buffer
  readonly database: Database
  /** A connection that sees everything, to look behind the scenes. */
  readonly admin: pg.Client
  close(): Promise<void>
}

/** A database of this test file's own, migrated for the core and the given plugins. */
export async function testDatabase(
  plugins: readonly Plugin[] = [],
  options: Partial<DatabaseOptions> = {},
): Promise<TestDatabase> {
  const adminUrl = await createDatabase()
  const { runtimeUrl, secret } = await prepareDatabase(adminUrl, migrationsOf(plugins))
  const database = openDatabase({ ...options, url: runtimeUrl })
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  return {
    adminUrl,
    runtimeUrl,
    secret,
    database,
    admin,
    close: async () => {
      await database.close()
      await admin.end()
      await dropDatabase(adminUrl)
    },
  }
}

export function migrationsOf(plugins: readonly Plugin[]): MigrationSource[] {
  const brought = plugins.flatMap(({ name, migrations }) =>
    migrations ? [{ domain: name, directory: migrations }] : [],
  )
  return [coreMigrations, ...brought]
}

async function createDatabase(): Promise<string> {
  const url = new URL(inject('adminUrl'))
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await onServer((server) => server.query(`CREATE DATABASE ${name}`))
  url.pathname = `/${name}`
  return url.href
}

async function dropDatabase(adminUrl: string): Promise<void> {
  const name = new URL(adminUrl).pathname.slice(1)
  await onServer(async (server) => {
    const drop = () => server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    // The server gives whoever is still connected five seconds to be gone.
    for (let tries = 1; ; tries++) {
      const error = await drop().then(() => undefined, (thrown: unknown) => thrown as pg.DatabaseError) // prettier-ignore
      if (!error) return
      if (error.code !== '55006' || tries === 5) throw error
    }
  })
}

async function onServer(work: (server: pg.Client) => Promise<unknown>): Promise<void> {
  const server = new pg.Client({ connectionString: inject('adminUrl') })
  await server.connect()
  try {
    await work(server)
  } finally {
    await server.end()
  }
}
