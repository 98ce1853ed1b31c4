import pg from 'pg'

/** Makes the database that the address names when the server does not have it yet. */
export async function ensureDatabase(adminUrl: string): Promise<void> {
  const url = new URL(adminUrl)
  const name = url.pathname.slice(1)
  url.pathname = '/postgres'
  const server = new pg.Client({ connectionString: url.href })
  try {
    await server.connect()
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (!rowCount) await server.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`)
  } finally {
    await server.end().catch(() => undefined)
  }
}
