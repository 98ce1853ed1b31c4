import { v7 as uuidv7 } from 'uuid'
import type { Database } from '../database/database.ts'
import { prepared, sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import { titleFrom } from './title.ts'
import { leaseSeconds, saidOfAbandoned, type ClaimedTurn } from './turnStore.ts'
import type { Inbound } from './turn.ts'

/** Where a message landed: its conversation, itself, and the turn that answers it. */
export interface Received {
  readonly conversation: string
  readonly message: string
  readonly turn: string
  /** The turn, when it is ours to run at once: the message is new, and nothing before it is still unanswered. */
  readonly claimed?: ClaimedTurn
}

type Answer =
  | { readonly refusal: 'not_found' | 'idempotency_mismatch' }
  | (Pick<Received, 'conversation' | 'message' | 'turn'> & {
      readonly refusal?: never
      readonly claimed?: boolean
      readonly agent: string | null
      readonly untrusted: boolean
    })

/**
 * Keeps an inbound message with the turn that will answer it and the still empty reply, in one exchange, and takes the
 * turn where it can be taken. Deliveries of one message meet on a lock of its key, so the second finds what the first
 * has stored. A colleague's conversation is answered exactly as one that does not exist.
 */
export async function receive(
  database: Database,
  inbound: Inbound,
  personId: string,
  now: Date,
): Promise<Received> {
  const tenant = inbound.caller.tenant.id
  const sent = sentRow(inbound, personId, now)
  const statement = sql`SELECT platform.receive_message(${JSON.stringify(sent)}::jsonb, ${saidOfAbandoned}::jsonb) AS answer`
  const [row] = await database.write<{ answer: Answer }>(tenant, prepared('tekup_receive_message', statement))
  const { answer } = row!
  if (answer.refusal !== undefined) fail(answer.refusal)
  const { conversation, message, turn, claimed, agent, untrusted } = answer
  const place = { conversation, message, turn }
  if (claimed !== true) return place
  const { text, locale, surface } = inbound
  const own = {
    tenant,
    id: turn,
    attempt: 1,
    reply: sent.reply,
    surface,
    agent,
    text,
    locale,
    untrusted,
    calls: [],
  }
  return { ...place, claimed: { ...own, conversation, message } }
}

/** The message as `platform.receive_message` reads it. */
const sentRow = (
  { text, locale, surface, messageId, conversation, agent }: Inbound,
  person: string,
  at: Date,
) => ({
  person,
  text,
  locale,
  surface,
  at,
  ...(messageId !== undefined && { key: messageId }),
  ...(conversation === undefined
    ? { opens: uuidv7(), title: titleFrom(text), agent: agent ?? null }
    : { conversation }),
  message: uuidv7(),
  reply: uuidv7(),
  turn: uuidv7(),
  leaseSeconds,
})
