import { v7 as uuidv7 } from 'uuid'
import type { Model, ModelStatic } from 'sequelize'
import type { z } from 'zod'
import {
  fail,
  identifier,
  inOrder,
  personOf,
  sent,
  show,
  sql,
  type EventType,
  type Resource,
  type WriteContext,
} from '#core'
import { ActivityModel } from './activities/activity.model.ts'
import type { Tagging } from './tags/tagging.ts'

/** The one that is kept and those that are gone afterwards, by id. */
interface Merge {
  readonly id: string
  readonly others: readonly string[]
}

interface MergedRow {
  readonly id: string
  readonly name: string
  readonly lastContactAt: Date | null
}

type Row = Model & MergedRow

/** How things of one kind become one. */
export interface Merging<One extends Row, Item extends z.ZodObject> {
  readonly model: ModelStatic<One>
  readonly of: Resource<Item>
  /** What points at one of them, and in which tables. */
  readonly column: 'contact_id' | 'company_id'
  readonly pointing: readonly string[]
  readonly tagging: Tagging
  /** Fields that the kept one takes over where it has none; what was said otherwise goes into the note. */
  readonly fields: readonly (keyof One & string)[]
  /** Fields that are gathered from all of them. */
  readonly gathered?: (all: readonly One[]) => Partial<One>
  readonly merged: EventType<z.ZodObject<{ id: z.ZodUUID; merged: z.ZodArray<z.ZodUUID> }>>
}

/** Moves everything of the others to the one that is kept, takes the others away, and notes what they said otherwise. */
export async function mergeInto<One extends Row, Item extends z.ZodObject>(
  context: WriteContext,
  { id, others: given }: Merge,
  merging: Merging<One, Item>,
): Promise<z.output<Item>> {
  const { model, column, of } = merging
  const merge = { id, others: [...new Set(given)].filter((other) => other !== id) }
  if (merge.others.length === 0) fail('invalid_input', { problem: onlyOne })
  const [kept, ...others] = await lockAll(model, merge)
  if (!kept) fail('not_found')
  const moves = [...repoint(context, merging, merge), gatherTags(context, merging.tagging, merge)]
  // The others go first, so that the one that is kept can take over what only one may have.
  const removed = model.destroy({ where: { id: merge.others } as never })
  await sent(removed)
  const writes = [
    model.update(together(merging, kept, others) as never, { where: { id } as never }),
    ActivityModel.create({
      ...noteOf(context, outvoted(kept, others, merging.fields)),
      [column === 'contact_id' ? 'contactId' : 'companyId']: id,
    }),
  ]
  await sent(...writes)
  const [, , , item] = await inOrder(Promise.all(moves), removed, inOrder(...writes), show(context, of, id))
  context.emit(merging.merged, { id, merged: merge.others })
  return item
}

const onlyOne = {
  da: 'det, der flettes ind, er det samme som det, der beholdes. Vælg et andet.',
  en: 'what is merged in is the one that is kept. Choose another.',
}

/** The kept one first; one that is missing is refused before anything moves. */
async function lockAll<One extends Row>(model: ModelStatic<One>, { id, others }: Merge): Promise<One[]> {
  const where = { id: [id, ...others] } as never
  const rows = await model.findAll({ where, order: ['id'], lock: true })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return [id, ...others].map((wanted) => byId.get(wanted) ?? fail('not_found'))
}

/** Lets everything that points at the others point at the one that is kept. */
function repoint(
  context: WriteContext,
  { column, pointing }: Pick<Merging<never, never>, 'column' | 'pointing'>,
  { id, others }: Merge,
): Promise<unknown>[] {
  return pointing.map((table) =>
    context.query(sql`UPDATE ${identifier(table)} SET ${identifier(column)} = ${id}
      WHERE ${identifier(column)} = ANY (${others}::uuid[])`),
  )
}

/** Gives the one that is kept the tags of the others too. */
const gatherTags = (
  context: WriteContext,
  { table, subject }: Tagging,
  { id, others }: Merge,
): Promise<unknown> =>
  context.query(sql`
    INSERT INTO ${identifier(table)} (tenant_id, ${identifier(subject)}, tag_id)
    SELECT DISTINCT tenant_id, ${id}::uuid, tag_id FROM ${identifier(table)}
    WHERE ${identifier(subject)} = ANY (${others}::uuid[]) ON CONFLICT DO NOTHING`)

function together<One extends Row>(
  { fields, gathered }: Pick<Merging<One, never>, 'fields' | 'gathered'>,
  kept: One,
  others: readonly One[],
) {
  const all = [kept, ...others]
  const times = all.flatMap(({ lastContactAt }) => (lastContactAt ? [lastContactAt.getTime()] : []))
  return {
    ...filled(all, fields),
    ...gathered?.(all),
    lastContactAt: times.length > 0 ? new Date(Math.max(...times)) : null,
  }
}

/** The kept one's own values, filled where it has none from the others in their order. */
const filled = <One extends Row>(all: readonly One[], fields: readonly (keyof One & string)[]) =>
  Object.fromEntries(
    fields.map((field) => [field, all.map((one) => one[field]).find((value) => value != null) ?? null]),
  )

/** What the others said otherwise, so that the note about the merge loses nothing: `title: Direktør`. */
function outvoted<One extends Row>(
  kept: One,
  others: readonly One[],
  fields: readonly (keyof One & string)[],
): string {
  const said = others.map((other) => {
    const differing = fields.filter((field) => other[field] != null && other[field] !== kept[field])
    return [other.name, ...differing.map((field) => `${field}: ${String(other[field])}`)].join('\n')
  })
  return said.join('\n\n')
}

const noteOf = (context: WriteContext, body: string) => ({
  tenantId: context.tenant.id,
  id: uuidv7(),
  kind: 'note' as const,
  subject: context.locale === 'da' ? 'Flettet med dubletter' : 'Merged with duplicates',
  body,
  at: context.clock.now(),
  personId: personOf(context.actor) ?? null,
})
