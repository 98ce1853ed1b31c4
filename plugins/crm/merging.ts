import { identifier, sql, type WriteContext } from '#core'
import type { Tagging } from './tags/tagging.ts'

/** Lets everything that points at the others point at the one that is kept. */
export function repoint(
  context: WriteContext,
  column: 'contact_id' | 'company_id',
  tables: readonly string[],
  { id, others }: Merge,
): Promise<unknown>[] {
  return tables.map((table) =>
    context.query(sql`UPDATE ${identifier(table)} SET ${identifier(column)} = ${id}
      WHERE ${identifier(column)} = ANY (${others}::uuid[])`),
  )
}

export interface Merge {
  /** The one that is kept. */
  readonly id: string
  readonly others: readonly string[]
}

/** Gives the one that is kept the tags of the others too. */
export const gatherTags = (
  context: WriteContext,
  { table, subject }: Tagging,
  { id, others }: Merge,
): Promise<unknown> =>
  context.query(sql`
    INSERT INTO ${identifier(table)} (tenant_id, ${identifier(subject)}, tag_id)
    SELECT DISTINCT tenant_id, ${id}::uuid, tag_id FROM ${identifier(table)}
    WHERE ${identifier(subject)} = ANY (${others}::uuid[]) ON CONFLICT DO NOTHING`)

/** The kept one's own values, filled where it has none from the others in their order. */
export function filled<Values extends object, Key extends keyof Values>(
  kept: Values,
  others: readonly Values[],
  keys: readonly Key[],
): Pick<Values, Key> {
  const entries = keys.map((key) => [
    key,
    [kept, ...others].map((one) => one[key]).find((value) => value != null) ?? null,
  ])
  return Object.fromEntries(entries) as Pick<Values, Key>
}

/** What the others said otherwise, so that the note about the merge loses nothing: `title: Direktør`. */
export function outvoted<Values extends { readonly name: string }>(
  kept: Values,
  others: readonly Values[],
  keys: readonly (keyof Values & string)[],
): string[] {
  return others.map((other) => {
    const differing = keys.filter((key) => other[key] != null && other[key] !== kept[key])
    return [other.name, ...differing.map((key) => `${key}: ${String(other[key])}`)].join('\n')
  })
}
