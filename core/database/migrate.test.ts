import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { startEmbedded, type EmbeddedServer } from './embedded/index.ts'
import { coreMigrations, prepareDatabase } from './migrate.ts'
import { requireBoundLogin } from './roles.ts'

/** Roles belong to a whole server, so these tests have one that nothing was ever prepared on. */
describe('a server of one’s own', () => {
  let home: string
  let server: EmbeddedServer

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tekup-migrate-'))
    server = await startEmbedded({ dataDirectory: home })
  })
  afterAll(async () => {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  })

  /** The address of a new database, as a new role that owns it and has these rights. */
  async function databaseOf(name: string, rights: string): Promise<string> {
    const admin = new pg.Client({ connectionString: server.adminUrl })
    await admin.connect()
    await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'secret' ${rights}`)
    await admin.query(`CREATE DATABASE ${name} OWNER ${name}`)
    await admin.end()
    const url = new URL(server.adminUrl)
    return Object.assign(url, { username: name, password: 'secret', pathname: `/${name}` }).href
  }

  test('is refused in a sentence when its role may not create roles', async () => {
    const refused = prepareDatabase(await databaseOf('weak', ''), [coreMigrations])
    await expect(refused).rejects.toMatchObject({
      name: 'DatabaseFault',
      message: expect.stringMatching(/permission denied.*Let the role of DATABASE_URL create roles/),
    })
  })

  test('is prepared by many processes at once, with a role that is no superuser', async () => {
    const url = await databaseOf('keeper', 'CREATEROLE')
    const starts = Array.from({ length: 4 }, () => prepareDatabase(url, [coreMigrations]))
    const prepared = await Promise.all(starts)
    expect(new Set(prepared.map(({ runtimeUrl }) => runtimeUrl)).size).toBe(1)
    const database = openDatabase({ url: prepared[0]!.runtimeUrl })
    await expect(requireBoundLogin(database)).resolves.toBeUndefined()
    await database.close()
  })

  test('takes a migration that is said anew for one that was applied, where the file names the text that it was', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tekup-migrations-'))
    const source = { domain: 'example', directory: pathToFileURL(`${directory}/`) }
    const apply = async (text: string) => {
      await writeFile(join(directory, '001_first.sql'), text)
      await prepareDatabase(server.adminUrl, [coreMigrations, source])
    }
    const first = 'CREATE TABLE app.example (id integer DEFAULT 1);'
    const anew = 'CREATE TABLE app.example (id integer); ALTER TABLE app.example ALTER id SET DEFAULT 1;'
    await apply(first)
    await expect(apply(anew)).rejects.toThrow(/001_first.sql was changed after it had been applied/)
    await apply(`-- Formerly ${createHash('sha256').update(first).digest('hex')}\n${anew}`)
    await rm(directory, { recursive: true })
  })
})
