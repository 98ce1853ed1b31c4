import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { callsOf, fail, fileOutput, filter, idOf, listOperation, operation, personOf, raw, resource, sql, type CallRecord, type KeptCalls, type Locale, type WriteContext } from '#core' // prettier-ignore
import { phraseFrom } from './phrase.ts'

const time = z.iso.datetime({ offset: true })

const Feedback = z.object({
  id: z.uuid(),
  messageId: z.uuid(),
  personId: z.uuid(),
  verdict: z.enum(['good', 'bad']),
  operation: z.string().nullable(),
  comment: z.string().nullable(),
  createdAt: time,
  version: z.int(),
})

const feedback = resource({
  table: 'agents.feedback',
  item: Feedback,
  filters: {
    verdict: filter(Feedback.shape.verdict, (verdict) => sql`t.verdict = ${verdict}`),
    conversationId: filter(
      z.uuid().meta({ refers: 'platform.conversations' }),
      (id) => sql`t.message_id IN (SELECT m.id FROM platform.messages m
        WHERE m.tenant_id = (SELECT app.tenant()) AND m.conversation_id = ${id})`,
    ),
  },
  sorts: { createdAt: { expression: raw('t.created_at'), type: 'timestamptz' } },
  defaultSort: '-createdAt',
  // One's own; whoever looks after what agents have learned sees what everybody said.
  visible: ({ actor, permissions }) =>
    permissions.has('agents.phrases:read') ? sql`true` : sql`t.person_id = ${personOf(actor) ?? null}`,
})

const Phrase = z.object({
  id: z.uuid(),
  locale: z.enum(['da', 'en']),
  text: z.string(),
  said: z.string(),
  operation: z.string(),
  source: z.enum(['confirmed', 'corrected']),
  personId: z.uuid().nullable(),
  createdAt: time,
  version: z.int(),
})

const phrases = resource({
  table: 'agents.phrases',
  item: Phrase,
  filters: { locale: filter(Phrase.shape.locale, (locale) => sql`t.locale = ${locale}`) },
  sorts: { createdAt: { expression: raw('t.created_at'), type: 'timestamptz' } },
  defaultSort: '-createdAt',
})

const listFeedback = listOperation(feedback, {
  name: 'agents.feedback.list',
  summary:
    'List what people thought of agents’ answers, the latest first; your own, unless you look after them',
  untrusted: true,
})

const giveFeedback = operation({
  name: 'agents.feedback.create',
  summary: 'Say of an agent’s answer to you whether it was right, and which operation would have been',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({
    /** The id of the answer, as the chat gave it. */
    messageId: z.uuid(),
    verdict: Feedback.shape.verdict,
    operation: z.string().max(200).optional(),
    comment: z.string().trim().max(1_000).optional(),
  }),
  output: Feedback,
  async run({ messageId, verdict, operation: right, comment }, context) {
    if (right !== undefined && !context.operations.find(right)) fail('not_found')
    const judged = await judgedTurn(context, messageId)
    const id = await keepFeedback(context, {
      messageId,
      verdict,
      operation: right ?? null,
      comment: comment ?? null,
    })
    if (verdict === 'good') await learn(context, judged, mainCall(judged.calls)?.operation, 'confirmed')
    else {
      await unlearn(context, judged)
      await learn(context, judged, right, 'corrected')
    }
    const [kept] = await context.query<z.output<typeof Feedback>>(sql`
      SELECT id, message_id AS "messageId", person_id AS "personId", verdict, operation, comment,
        to_json(created_at) #>> '{}' AS "createdAt", version
      FROM agents.feedback WHERE tenant_id = ${context.tenant.id} AND id = ${id}`)
    return kept as z.output<typeof Feedback>
  },
})

const listPhrases = listOperation(phrases, {
  name: 'agents.phrases.list',
  summary: 'List the phrases that the company’s people have taught its agents, the latest first',
  untrusted: true,
})

const deletePhrase = operation({
  name: 'agents.phrases.delete',
  summary: 'Delete a phrase that agents were taught; they forget it at once',
  effect: 'destroy',
  input: z.strictObject({ id: idOf(phrases) }),
  output: z.object({ id: z.uuid(), text: z.string() }),
  async run({ id }, context) {
    const [gone] = await context.query<{ id: string; text: string }>(
      sql`DELETE FROM agents.phrases t WHERE t.tenant_id = ${context.tenant.id} AND t.id = ${id} RETURNING t.id, t.text`,
    )
    return gone ?? fail('not_found')
  },
})

const exportPhrases = operation({
  name: 'agents.phrases.export',
  summary: 'Export the phrases that agents were taught as an evaluation set',
  effect: 'read',
  input: z.strictObject({ locale: Phrase.shape.locale }),
  output: fileOutput(),
  untrusted: true,
  async run({ locale }, context) {
    const calls = await context.query(sql`
      SELECT said AS say, operation, arguments AS input FROM agents.phrases
      WHERE tenant_id = ${context.tenant.id} AND locale = ${locale} ORDER BY created_at, id`)
    const set = { calls, outside: [], conversations: [] }
    return {
      name: `phrases.${locale}.json`,
      mediaType: 'application/json',
      content: JSON.stringify(set, null, 2),
    }
  },
})

export const learningOperations = [listFeedback, giveFeedback, listPhrases, deletePhrase, exportPhrases]

interface JudgedTurn {
  readonly said: string
  readonly locale: Locale
  readonly calls: readonly CallRecord[]
}

/** One's own question and the calls of its answer; somebody else's is answered as one that does not exist. */
async function judgedTurn(context: WriteContext, reply: string): Promise<JudgedTurn> {
  const [turn] = await context.query<JudgedTurn & KeptCalls>(sql`
    SELECT m.text AS said, m.locale, r.calls, r.packed_calls AS packed FROM platform.messages r
      JOIN platform.messages m ON m.tenant_id = r.tenant_id AND m.id = r.answers
    WHERE r.tenant_id = ${context.tenant.id} AND r.id = ${reply} AND r.person_id = ${personOf(context.actor) ?? fail('not_found')}`)
  return turn ? { ...turn, calls: callsOf(turn) } : fail('not_found')
}

/** The call that the answer was about: the last one, since those before it look things up for it. */
const mainCall = (calls: readonly CallRecord[]): CallRecord | undefined =>
  calls.findLast(({ status }) => status === 'done' || status === 'waiting')

type Given = Pick<z.output<typeof Feedback>, 'messageId' | 'verdict' | 'operation' | 'comment'>

async function keepFeedback(context: WriteContext, given: Given): Promise<string> {
  const { messageId, verdict, operation: right, comment } = given
  const [kept] = await context.query<{ id: string }>(sql`
    INSERT INTO agents.feedback (tenant_id, id, message_id, person_id, verdict, operation, comment)
    VALUES (${context.tenant.id}, ${uuidv7()}, ${messageId}, ${personOf(context.actor) ?? fail('not_found')}, ${verdict}, ${right}, ${comment})
    ON CONFLICT (tenant_id, message_id) DO UPDATE
      SET verdict = excluded.verdict, operation = excluded.operation, comment = excluded.comment
    RETURNING id`)
  return kept!.id
}

/** The sentence becomes a phrase of the operation; said again with another, the latest word counts. */
async function learn(
  context: WriteContext,
  { said, locale, calls }: JudgedTurn,
  right: string | undefined,
  source: 'confirmed' | 'corrected',
): Promise<void> {
  const phrase =
    right === undefined
      ? undefined
      : phraseFrom(
          said,
          calls.findLast((call) => call.operation === right),
        )
  if (right === undefined || !phrase) return
  await context.query(sql`
    INSERT INTO agents.phrases (tenant_id, id, locale, text, said, arguments, operation, source, person_id)
    VALUES (${context.tenant.id}, ${uuidv7()}, ${locale}, ${phrase.text}, ${said.trim().slice(0, 300)},
      ${JSON.stringify(phrase.arguments)}::jsonb, ${right}, ${source}, ${personOf(context.actor) ?? null})
    ON CONFLICT (tenant_id, locale, text) DO UPDATE SET id = excluded.id, operation = excluded.operation,
      said = excluded.said, arguments = excluded.arguments, source = excluded.source, created_at = now()`)
}

async function unlearn(context: WriteContext, { said, locale, calls }: JudgedTurn): Promise<void> {
  const wrong = mainCall(calls)
  const phrase = phraseFrom(said, wrong)
  if (!wrong || !phrase) return
  await context.query(sql`
    DELETE FROM agents.phrases WHERE tenant_id = ${context.tenant.id} AND locale = ${locale}
      AND text = ${phrase.text} AND operation = ${wrong.operation}`)
}
