import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { DatabaseFault } from './databaseFault.ts'
import { prepareRoles } from './roles.ts'
import { takePreparationLock } from './preparationLock.ts'

/** Where one owner's forward-only SQL files live; they run in the order of their names. */
export interface MigrationSource {
  readonly domain: string
  readonly directory: URL
}

interface PreparedDatabase {
  /** The runtime login's URL: a role that row-level security binds. */
  readonly runtimeUrl: string
  /** 32 random bytes of this installation, the same for every process; keys are derived from it. */
  readonly secret: Buffer
}

export const coreMigrations: MigrationSource = {
  domain: 'platform',
  directory: new URL('./migrations/', import.meta.url),
}

/** Milliseconds that a server gets to let us in. */
const patience = 10_000

/**
 * Brings the database to the shape this version needs, as the administrator, and hands out the runtime login.
 * Needs PostgreSQL 15 or newer, and a role that may create roles and owns the database.
 *
 * @throws {DatabaseFault} with a sentence that says what is wrong and what to do.
 */
export async function prepareDatabase(
  adminUrl: string,
  sources: readonly MigrationSource[],
): Promise<PreparedDatabase> {
  const admin = new pg.Client({
    connectionString: adminUrl,
    application_name: 'tekup-migrate',
    connectionTimeoutMillis: patience,
  })
  await connect(admin)
  try {
    await requireVersion(admin)
    await takePreparationLock(admin)
    const login = await prepareRoles(admin).catch(sayUnprepared)
    for (const source of sources) await applySource(admin, source)
    return { runtimeUrl: withLogin(adminUrl, login.role, login.password), secret: login.secret }
  } finally {
    await admin.end()
  }
}

function sayUnprepared(error: Error): never {
  throw new DatabaseFault(
    `The database could not be prepared (${error.message}). Let the role of DATABASE_URL create roles and own the database, and let the extension pg_trgm be installed.`,
    { cause: error },
  )
}

async function connect(admin: pg.Client): Promise<void> {
  try {
    await admin.connect()
  } catch (error) {
    const reason =
      error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code : 'no answer'
    throw new DatabaseFault(
      `The database did not let us in (${reason}). Check DATABASE_URL and that the server runs.`,
    )
  }
}

async function requireVersion(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ version: number; name: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name`,
  )
  if (rows[0] && rows[0].version < 150_000) {
    throw new DatabaseFault(`PostgreSQL ${rows[0].name} is too old. Use version 15 or newer.`)
  }
}

async function applySource(admin: pg.Client, { domain, directory }: MigrationSource): Promise<void> {
  const files = await sqlFiles(directory)
  const { rows } = await admin.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM app.migrations WHERE domain = $1',
    [domain],
  )
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  const unknown = rows.find((row) => !files.some((file) => file.name === row.name))
  if (unknown) {
    throw new DatabaseFault(
      `The database has been used by a newer version (it knows ${domain}/${unknown.name}). Start that version instead.`,
    )
  }
  for (const file of files) await applyFile(admin, domain, file, applied.get(file.name))
}

interface SqlFile {
  readonly name: string
  readonly text: string
  readonly checksum: string
  /** Of its earlier texts, which did the same: servers of today refuse what was said there. */
  readonly formerly: readonly string[]
}

async function sqlFiles(directory: URL): Promise<SqlFile[]> {
  const names = (await readdir(fileURLToPath(directory))).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, directory), 'utf8')
      return {
        name,
        text,
        checksum: createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex'),
        formerly: Array.from(text.matchAll(/^-- Formerly ([0-9a-f]{64})/gm), ([, checksum]) => checksum!),
      }
    }),
  )
}

async function applyFile(
  admin: pg.Client,
  domain: string,
  file: SqlFile,
  applied: string | undefined,
): Promise<void> {
  if (applied !== undefined && [file.checksum, ...file.formerly].includes(applied)) return
  if (applied !== undefined) {
    throw new DatabaseFault(
      `${domain}/${file.name} was changed after it had been applied. Add a new file instead.`,
    )
  }
  await admin.query('BEGIN; SET LOCAL ROLE tekup_owner')
  try {
    await admin.query(file.text)
    await admin.query('INSERT INTO app.migrations (domain, name, checksum) VALUES ($1, $2, $3)', [
      domain,
      file.name,
      file.checksum,
    ])
    await admin.query('COMMIT')
  } catch (error) {
    await admin.query('ROLLBACK')
    throw new DatabaseFault(`${domain}/${file.name} could not be applied: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function withLogin(adminUrl: string, role: string, password: string): string {
  const url = new URL(adminUrl)
  url.username = role
  url.password = password
  return url.href
}
