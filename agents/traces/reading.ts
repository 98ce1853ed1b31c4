import { z } from 'zod'
import { itemStatement, raw, resource, sql, unpackedCalls, type ReadContext, type Resource } from '#core'
import type { LeanTold, LeanTrace } from './lean.ts'
import { unpacked } from './packed.ts'
import { Trace, type TraceLine } from './trace.ts'
import { wholeTrace, type Beside } from './whole.ts'

/** The message of trace `t`: the trace's own where it may not be shown as it was written. */
export const messageOf = `coalesce(t.message, (SELECT m.text FROM platform.messages m
  WHERE m.tenant_id = t.tenant_id AND m.id = t.message_id), agents.message_of(t.body), '')`

/** A trace as it is kept. Those of before packing have a body instead, which functions of the database read. */
const KeptTrace = z.object({
  ...Trace.shape,
  messageId: z.uuid().nullable(),
  replyCalls: Trace.shape.made.nullable(),
  /** Both in base64. */
  packedCalls: z.string().nullable(),
  packed: z.string().nullable(),
})
type KeptTrace = z.output<typeof KeptTrace>

const ofReply = (column: string) =>
  `(SELECT ${column} FROM platform.messages m WHERE m.tenant_id = t.tenant_id AND m.id = t.reply_id)`

/** `shown` and `visible`: as lists of traces have them. */
export const createReadTrace = (shown: Resource<typeof TraceLine>) => {
  const kept = resource({
    ...shown,
    item: KeptTrace,
    fields: {
      ...shown.fields,
      message: raw(messageOf),
      reply: raw(`coalesce(${ofReply('m.text')}, agents.reply_of(t.body), '')`),
      replyCalls: raw(ofReply('m.calls')),
      packedCalls: raw(ofReply(`encode(m.packed_calls, 'base64')`)),
      steps: raw('agents.steps_of(t.body, t.conversation_id)'),
      made: raw('agents.made_in(t.body)'),
      packed: raw(`encode(t.packed, 'base64')`),
    },
  })
  return async (id: string, asking: Asking): Promise<z.output<typeof Trace> | undefined> => {
    const [row] = await asking.query<{ json: string }>(itemStatement(kept as unknown as Resource, id, asking))
    if (!row) return undefined
    const { packed, messageId, replyCalls: calls, packedCalls, ...trace } = JSON.parse(row.json) as KeptTrace
    if (packed === null || messageId === null) return trace
    const replyCalls = packedCalls === null ? calls : unpackedCalls(bytesIn(packedCalls))
    const lean = unpacked(bytesIn(packed))
    const named = await namedIn(lean, { ...trace, messageId }, asking)
    return { ...trace, ...wholeTrace(lean, { ...trace, messageId, replyCalls, ...named }) }
  }
}

type Asking = Pick<ReadContext, 'query' | 'actor' | 'permissions' | 'locale'>

/** The texts and the messages that a trace names. */
async function namedIn(
  { tools, steps }: LeanTrace,
  { conversationId, messageId }: { readonly conversationId: string; readonly messageId: string },
  { query }: Asking,
): Promise<Pick<Beside, 'texts' | 'messages'>> {
  const told = steps.flatMap((step) => step.told)
  const hashes = [tools, ...told.map(hashIn)].filter((hash) => hash !== undefined)
  const ranges = told.flatMap((one) => ('from' in one ? [one.from, one.to ?? messageId] : [])).toSorted()
  const [named] = await query<Pick<Beside, 'texts' | 'messages'>>(sql`
    SELECT (SELECT coalesce(json_object_agg(translate(encode(p.hash, 'base64'), '+/=', '-_'), p.text), '{}') FROM agents.prompts p
        WHERE p.tenant_id = (SELECT app.tenant())
          AND p.hash = ANY (${hashes.map(bytesOf)}::bytea[])) AS texts,
      (SELECT coalesce(json_agg(json_build_object('id', m.id, 'role', m.role, 'text', m.text) ORDER BY m.id), '[]')
        FROM platform.messages m WHERE m.tenant_id = (SELECT app.tenant()) AND m.conversation_id = ${conversationId}
          AND m.text <> '' AND m.id BETWEEN ${ranges[0] ?? null}::uuid AND ${ranges.at(-1) ?? null}::uuid) AS messages`)
  return named!
}

function hashIn(told: LeanTold): string | undefined {
  if ('prompt' in told) return told.prompt
  return 'kept' in told ? told.kept : undefined
}

const bytesIn = (base64: string): Buffer => Buffer.from(base64, 'base64')

const bytesOf = (hash: string): Buffer => Buffer.from(hash, 'base64url')
