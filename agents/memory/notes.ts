import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { agentErrors } from '../errors.ts'
import { fail, identifier, idOf, itemStatement, listOperation, operation, personOf, raw, resource, sql, type AnyOperation, type ReadContext, type Resource, type Statement, type WriteContext } from '#core' // prettier-ignore

/** Characters of one note: what is kept in mind is said to the model at every turn. */
const longest = 500
/** Notes of one person, and of one company. */
const most = 50

const Text = z.string().trim().min(1).max(longest).meta({ kind: 'text', free: true })
const Note = z.object({
  id: z.uuid(),
  text: z.string(),
  createdAt: z.iso.datetime({ offset: true }),
  version: z.int(),
})

interface Kind {
  /** The resource: `memories` are one person's own, `guidelines` the whole company's. */
  readonly name: 'memories' | 'guidelines'
  readonly own: boolean
  /** How the summaries speak of one, and of all. */
  readonly one: string
  readonly all: string
}

/** What agents are to keep in mind: listed, changed and erased like anything else. */
export function noteOperations({ name, own, one, all }: Kind): AnyOperation[] {
  const table = `agents.${name}`
  const notes = resource({
    table,
    item: Note,
    sorts: { createdAt: { expression: raw('t.created_at'), type: 'timestamptz' } },
    defaultSort: 'createdAt',
    ...(own && { visible: ({ actor }) => sql`t.person_id = ${personOf(actor) ?? fail('not_found')}` }),
  })
  const id = idOf(notes)
  const rows = (context: ReadContext | WriteContext): Statement =>
    own ? sql`t.person_id = ${author(context)}` : sql`true`

  const list = listOperation(notes, {
    name: `agents.${name}.list` as 'agents.memories.list',
    summary: `List ${all}`,
  })
  const create = operation({
    name: `agents.${name}.create` as 'agents.memories.create',
    summary: `Remember ${one}`,
    effect: 'write',
    input: z.strictObject({ text: Text }),
    output: Note,
    async run({ text }, context) {
      await requireRoom(context, table, rows(context))
      const created = uuidv7()
      await context.query(
        sql`INSERT INTO ${identifier(table)} (tenant_id, id, person_id, text)
          VALUES (${context.tenant.id}, ${created}, ${author(context)}, ${text})`,
      )
      return noteById(context, notes, created)
    },
  })
  const update = operation({
    name: `agents.${name}.update` as 'agents.memories.update',
    summary: `Change the words of ${one}`,
    effect: 'write',
    input: z.strictObject({ id, text: Text, version: z.int().optional() }),
    output: Note,
    async run({ id: changed, text, version }, context) {
      const current = await noteById(context, notes, changed)
      const done = await context.query(
        sql`UPDATE ${identifier(table)} t SET text = ${text} WHERE t.tenant_id = ${context.tenant.id}
          AND t.id = ${changed} AND t.version = ${version ?? current.version} RETURNING 1`,
      )
      return done.length > 0 ? noteById(context, notes, changed) : fail('version_conflict')
    },
  })
  const remove = operation({
    name: `agents.${name}.delete` as 'agents.memories.delete',
    summary: `Forget ${one}, for good`,
    effect: 'destroy',
    input: z.strictObject({ id }),
    output: z.object({ id: z.uuid(), text: z.string() }),
    async run({ id: forgotten }, context) {
      const [gone] = await context.query<{ id: string; text: string }>(
        sql`DELETE FROM ${identifier(table)} t WHERE t.tenant_id = ${context.tenant.id} AND t.id = ${forgotten}
          AND ${rows(context)} RETURNING t.id, t.text`,
      )
      return gone ?? fail('not_found')
    },
  })
  return [list, create, update, remove]
}

const author = ({ actor }: Pick<ReadContext, 'actor'>): string => personOf(actor) ?? fail('forbidden')

async function noteById(
  context: WriteContext,
  notes: Resource<typeof Note>,
  id: string,
): Promise<z.output<typeof Note>> {
  const [row] = await context.query<{ json: string }>(itemStatement(notes as Resource, id, context))
  return row ? (JSON.parse(row.json) as z.output<typeof Note>) : fail('not_found')
}

async function requireRoom(context: WriteContext, table: string, rows: Statement): Promise<void> {
  const [kept] = await context.query<{ count: number }>(
    sql`SELECT count(*)::int AS count FROM ${identifier(table)} t WHERE t.tenant_id = ${context.tenant.id} AND ${rows}`,
  )
  if ((kept?.count ?? 0) >= most) agentErrors.fail('memory_full', { most })
}
