import type { z } from 'zod'
import { oncePer } from '../oncePer.ts'
import type { Who } from '../operations/operation.ts'
import { identifier, join, raw, sql, type Raw, type Statement } from '../database/sql.ts'

/** A kind of thing that a plugin keeps: its table, the shape it is shown in, and how it is found. */
export interface Resource<Item extends z.ZodObject = z.ZodObject> {
  /** `crm.contacts`. The table has `tenant_id`, `id`, `version`, `created_at`, `updated_at`. */
  readonly table: string
  readonly item: Item
  /** SQL of the fields that are not simply their own column in snake case; the row is `t`. */
  readonly fields?: { readonly [Field in keyof z.output<Item>]?: Raw }
  readonly filters?: Readonly<Record<string, Filter>>
  /** What a list can be ordered by. Expressions are never null; indexes lead with tenant_id. */
  readonly sorts?: Readonly<Record<string, Sort>>
  readonly defaultSort?: string
  /** Which rows the asker may see at all, where it is not every row of the tenant; the row is `t`. */
  readonly visible?: (who: Who) => Statement
  /** A reviewed function `(q text, most integer) → (id uuid, rank integer)`, best first. */
  readonly search?: string
}

export interface Filter {
  readonly schema: z.ZodType
  /** The condition on row `t`. */
  readonly where: (value: never) => Statement
}

export interface Sort {
  readonly expression: Raw
  /** The PostgreSQL type that a cursor's value is read back as. */
  readonly type: 'text' | 'timestamptz' | 'date' | 'bigint' | 'integer' | 'uuid'
}

export const resource = <Item extends z.ZodObject>(definition: Resource<Item>): Resource<Item> =>
  Object.freeze(definition)

/** A condition of one column against the given value. Filter columns have leakproof operators (docs: tenancy). */
export function filter<Schema extends z.ZodType>(
  schema: Schema,
  where: (value: z.output<Schema>) => Statement,
): Filter {
  return { schema, where: where as Filter['where'] }
}

/** The fields of row `t` as the output schema names them: PostgreSQL builds the JSON, and no row object is made on the way out. */
export const itemColumns = oncePer(({ item, fields }: Resource): Statement => {
  const columns = Object.keys(item.shape).map((field) => {
    const expression = (fields as Record<string, Raw> | undefined)?.[field] ?? raw(`t.${snakeCase(field)}`)
    return sql`${expression} AS ${identifier(field)}`
  })
  return sql`SELECT ${join(columns, ', ')}`
})

/** One row as `{ json, version }`; no row when it does not exist or is another tenant's. */
export function itemStatement(of: Resource, id: string, who?: Who): Statement {
  return sql`SELECT row_to_json(item)::text AS json, t.version
    FROM ${identifier(of.table)} t, LATERAL (${itemColumns(of)}) item
    WHERE t.tenant_id = (SELECT app.tenant()) AND t.id = ${id} AND ${visibleRows(of, who)}`
}

/** The condition of what the asker may see; forgetting who asks is an error, never "everything". */
export function visibleRows({ table, visible }: Resource, who: Who | undefined): Statement {
  if (!visible) return sql`true`
  if (!who) throw new Error(`Rows of ${table} are read without saying who asks.`)
  return visible(who)
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
