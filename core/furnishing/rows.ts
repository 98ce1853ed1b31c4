import { identifier, join, raw, sql } from '../database/sql.ts'
import type { WriteContext } from '../operations/context.ts'

/** Inserts rows in one statement; `columns` names each column with its type: `id uuid, name text`. */
export function insertRows(
  context: WriteContext,
  table: string,
  columns: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<unknown> {
  const names = join(
    columns.split(', ').map((column) => identifier(column.split(' ', 1)[0]!)),
    ', ',
  )
  return context.query(sql`
    INSERT INTO ${identifier(table)} (tenant_id, ${names}) SELECT ${context.tenant.id}, ${names}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row(${raw(columns)})`)
}
