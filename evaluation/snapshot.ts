import type pg from 'pg'

/** What stood in the tables of some schemas, to go back to. */
export interface Snapshot {
  /** Brings back the tables that a pattern names, or all. */
  restore(tables?: RegExp): Promise<void>
}

const keptIn = 'evaluation_snapshot'
/** What only grows, or is none of the company's. */
const left = new Set(['platform.audit', 'platform.audit_log', 'platform.migrations'])

export async function snapshotOf(admin: pg.Client, schemas: readonly string[]): Promise<Snapshot> {
  const tables = (await tablesOf(admin, schemas)).filter(({ name }) => !left.has(name))
  await admin.query(`CREATE SCHEMA ${keptIn}`)
  for (const { name, copy } of tables) await admin.query(`CREATE TABLE ${copy} AS TABLE ${name}`)
  return {
    restore: async (wanted = /./) => {
      const statements = tables.filter(({ name }) => wanted.test(name)).map(refill)
      const all = ['BEGIN', 'SET LOCAL session_replication_role = replica', ...statements, 'COMMIT']
      await admin.query(all.join(';\n'))
    },
  }
}

const refill = ({ name, copy, columns }: Table): string =>
  `DELETE FROM ${name}; INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM ${copy}`

interface Table {
  readonly name: string
  readonly copy: string
  /** Those that are not generated from the others. */
  readonly columns: string
}

async function tablesOf(admin: pg.Client, schemas: readonly string[]): Promise<Table[]> {
  const { rows } = await admin.query<Table>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, format('${keptIn}.%I', n.nspname || '_' || c.relname) AS copy,
       string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '') AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = ANY ($1) AND c.relkind = 'r' GROUP BY n.nspname, c.relname ORDER BY 1`,
    [schemas],
  )
  return rows
}
