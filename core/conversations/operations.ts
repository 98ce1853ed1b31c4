import { z } from 'zod'
import { raw, sql, type Statement } from '../database/sql.ts'
import { fail } from '../errors.ts'
import { personOf, type ReadContext, type WriteContext } from '../operations/context.ts'
import { operation, type AnyOperation, type Who } from '../operations/operation.ts'
import type { LocaleFile } from '../operations/plugin.ts'
import { getOperation, idOf, listOperation } from '../resources/reads.ts'
import { filter, itemStatement, resource, type Resource } from '../resources/resource.ts'
import { unpackedCalls } from './keptCalls.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }

const time = z.iso.datetime({ offset: true })

const Conversation = z.object({
  id: z.uuid(),
  title: z.string(),
  /** The agent that answers in it; null for the company's default one. */
  agentId: z.uuid().nullable(),
  untrusted: z.boolean(),
  /** Several people write in it: it goes on where it takes place. */
  shared: z.boolean(),
  createdAt: time,
  updatedAt: time,
  version: z.int(),
})

const Call = z.object({
  id: z.string(),
  operation: z.string(),
  title: z.string(),
  /** Absent of what was read for somebody else. */
  input: z.unknown().optional(),
  status: z.enum(['running', 'waiting', 'done', 'failed', 'refused']),
  output: z.unknown().optional(),
  summary: z.string().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  approval: z
    .object({ id: z.uuid(), operation: z.string(), summary: z.string(), expiresAt: time })
    .optional(),
})

const Message = z.object({
  id: z.uuid(),
  conversationId: z.uuid(),
  /** `other`: said beside the questions, and answered by nobody. */
  role: z.enum(['person', 'agent', 'other']),
  /** Who said it, where several write. */
  author: z.string().nullable(),
  text: z.string(),
  locale: z.enum(['da', 'en']),
  calls: z.array(Call),
  status: z.enum(['running', 'done', 'failed', 'stopped']),
  at: time,
})

/** A conversation is its person's own: a colleague's is answered as one that does not exist. */
const own = ({ actor }: Who): Statement => sql`t.person_id = ${personOf(actor) ?? fail('not_found')}`

/** A shared one is read by all who have written in it as well. An array, so that indexes serve both. */
const ownOrShared = (
  who: Who,
  column: 'id' | 'conversation_id',
): Statement => sql`(${own(who)} OR ${raw(`t.${column}`)} = ANY (ARRAY(
  SELECT m.conversation_id FROM platform.conversation_members m
  WHERE m.tenant_id = (SELECT app.tenant()) AND m.person_id = ${personOf(who.actor) ?? null})))`

const isShared = `(SELECT c.shared FROM platform.conversations c WHERE c.tenant_id = t.tenant_id AND c.id = t.conversation_id)`

const conversations = resource({
  table: 'platform.conversations',
  item: Conversation,
  fields: {
    // When something was last said in it; where nothing is, when it was opened.
    updatedAt: raw(`coalesce((SELECT m.at FROM platform.messages m
      WHERE m.tenant_id = t.tenant_id AND m.conversation_id = t.id ORDER BY m.id DESC LIMIT 1), t.created_at)`),
  },
  sorts: { updatedAt: { expression: raw('t.ranked_at'), type: 'timestamptz' } },
  defaultSort: '-updatedAt',
  visible: (who) => ownOrShared(who, 'id'),
})
const conversationId = idOf(conversations)

/** As PostgreSQL tells it, which cannot look into calls that are packed. */
const KeptMessage = Message.extend({
  /** In base64. */
  packed: z.string().nullable(),
  isShared: z.boolean(),
})

const messages = resource({
  table: 'platform.messages',
  item: KeptMessage,
  fields: {
    author: raw(`CASE t.role WHEN 'other' THEN t.author WHEN 'person' THEN CASE WHEN ${isShared} THEN
      (SELECT p.name FROM platform.people p WHERE p.id = t.person_id) END END`),
    calls: raw(`platform.settled_calls(t.calls)`),
    packed: raw(`encode(t.packed_calls, 'base64')`),
    isShared: raw(isShared),
  },
  filters: { conversationId: filter(conversationId, (id) => sql`t.conversation_id = ${id}`) },
  sorts: { at: { expression: raw('t.at'), type: 'timestamptz' } },
  defaultSort: 'at',
  visible: (who) => ownOrShared(who, 'conversation_id'),
})

export const listConversations = listOperation(conversations, {
  name: 'platform.conversations.list',
  summary: 'List your own conversations and those that you have written in, the latest first',
})

const getConversation = getOperation(conversations, {
  name: 'platform.conversations.get',
  summary: 'Get one of your own conversations',
})

export const renameConversation = operation({
  name: 'platform.conversations.update',
  summary: 'Give one of your own conversations another title',
  effect: 'write',
  input: z.strictObject({
    id: conversationId,
    title: z.string().trim().min(1).max(200).meta({ kind: 'text', free: true }),
    version: z.int().optional(),
  }),
  output: Conversation,
  async run({ id, title, version }, context) {
    const current = await conversationById(context, id)
    if (version !== undefined && version !== current.version) fail('version_conflict')
    const expected = version === undefined ? sql`true` : sql`t.version = ${version}`
    const changed = await context.query(sql`
      UPDATE platform.conversations t SET title = ${title} WHERE ${ownById(context, id)} AND ${expected} RETURNING 1`)
    if (changed.length > 0) return conversationById(context, id)
    const mine = await context.query(sql`SELECT FROM platform.conversations t WHERE ${ownById(context, id)}`)
    fail(mine.length > 0 ? 'version_conflict' : 'not_found')
  },
})

export const deleteConversation = operation({
  name: 'platform.conversations.delete',
  summary: 'Delete one of your own conversations with everything said in it',
  effect: 'destroy',
  input: z.strictObject({ id: conversationId }),
  output: z.object({ id: z.uuid() }),
  async run({ id }, context) {
    const gone = await context.query(
      sql`DELETE FROM platform.conversations t WHERE ${ownById(context, id)} RETURNING 1`,
    )
    return gone.length > 0 ? { id } : fail('not_found')
  },
})

const listAnyMessages = listOperation(messages, {
  name: 'platform.messages.list',
  summary: 'List what was said in one of your own conversations, with the operations that were called',
})

/** The list of one conversation: where that is not there to be seen, neither is an empty list. */
export const listMessages = operation({
  name: listAnyMessages.name,
  summary: listAnyMessages.summary,
  effect: 'read',
  // What was read from outside is told again here, so reading it marks a conversation as reading the source would.
  untrusted: true,
  input: listAnyMessages.input.required({ conversationId: true }),
  output: z.object({ items: z.array(Message), nextCursor: z.string().nullable() }),
  async run(asked, context) {
    const [row] = await context.query<{ json: string }>(sql`
      SELECT page.json FROM (${await listAnyMessages.query!(asked, context)}) page
      WHERE EXISTS (${conversationStatement(String(asked['conversationId']), context)})`)
    const { items, nextCursor } = JSON.parse(row?.json ?? fail('not_found')) as KeptPage
    return { items: items.map(withCalls), nextCursor }
  },
})

type KeptPage = z.output<typeof listAnyMessages.output>

type Made = z.output<typeof Call>

const shown = (call: Made): Made => ({ ...call, input: undefined, output: undefined })

/** What was read for one of several people is not told to the others; what was done stands where all see it. */
function withCalls({ packed, calls, isShared, ...message }: KeptPage['items'][number]) {
  const made: Made[] = packed === null ? calls : unpackedCalls(Buffer.from(packed, 'base64'))
  return { ...message, calls: isShared ? made.map(shown) : made }
}

export const conversationOperations: readonly AnyOperation[] = [
  listConversations,
  getConversation,
  renameConversation,
  deleteConversation,
  listMessages,
]
export const conversationWords: { readonly da: LocaleFile; readonly en: LocaleFile } = { da, en }

const ownById = (who: Who, id: string): Statement =>
  sql`t.tenant_id = (SELECT app.tenant()) AND ${own(who)} AND t.id = ${id}`

const conversationStatement = (id: string, who: Who): Statement =>
  itemStatement(conversations as unknown as Resource, id, who)

async function conversationById(
  context: ReadContext | WriteContext,
  id: string,
): Promise<z.output<typeof Conversation>> {
  const [row] = await context.query<{ json: string }>(conversationStatement(id, context))
  return row ? (JSON.parse(row.json) as z.output<typeof Conversation>) : fail('not_found')
}
