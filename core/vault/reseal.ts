import { identifier, sql } from '../database/sql.ts'
import type { TenantStatements } from './dataKeys.ts'
import type { Place } from './vault.ts'

type Reseal = (place: Place, sealed: Buffer) => Promise<Buffer>

const batch = 200

/** Seals anew whatever stands in a column of type `app.sealed`: the catalog knows where secrets are, so no list can miss one. */
export async function resealAll(tenant: string, query: TenantStatements, reseal: Reseal): Promise<number> {
  const columns = await query<Omit<Place, 'id'>>(sql`
    SELECT n.nspname || '.' || c.relname AS "table", a.attname AS "column"
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.atttypid = 'app.sealed'::regtype AND c.relkind IN ('r', 'p') AND NOT a.attisdropped ORDER BY 1, 2`)
  let count = 0
  for (const column of columns) count += await resealColumn(tenant, query, column, reseal)
  return count
}

interface SealedRow {
  readonly id: string
  readonly sealed: Buffer
}

async function resealColumn(
  tenant: string,
  query: TenantStatements,
  place: Omit<Place, 'id'>,
  reseal: Reseal,
): Promise<number> {
  const [table, column] = [identifier(place.table), identifier(place.column)]
  let last = '00000000-0000-0000-0000-000000000000'
  for (let count = 0; ;) {
    const rows = await query<SealedRow>(sql`
      SELECT id, ${column} AS sealed FROM ${table}
      WHERE tenant_id = ${tenant} AND ${column} IS NOT NULL AND id > ${last} ORDER BY id LIMIT ${batch} FOR UPDATE`)
    for (const { id, sealed } of rows) {
      const anew = await reseal({ ...place, id }, sealed)
      await query(sql`UPDATE ${table} SET ${column} = ${anew} WHERE tenant_id = ${tenant} AND id = ${id}`)
    }
    count += rows.length
    if (rows.length < batch) return count
    last = rows.at(-1)!.id
  }
}
