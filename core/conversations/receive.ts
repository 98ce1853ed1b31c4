import { v7 as uuidv7 } from 'uuid'
import type { Core } from '../core.ts'
import { prepared, sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Mark } from '../database/underMark.ts'
import type { HeldPurse } from '../usage/purse.ts'
import { titleFrom } from './title.ts'
import { storableText } from './storable.ts'
import { leaseSeconds, saidOfAbandoned, type ClaimedTurn } from './turnStore.ts'
import type { Inbound, SharedPlace } from './turn.ts'

/** Where a message landed: its conversation, itself, and the turn that answers it. */
export interface Received {
  readonly conversation: string
  readonly message: string
  /** Its reply, and the turn that brings it. */
  readonly reply: string
  /** Once it is on the disk; rejects where it could not be kept. Until then nobody may be told of it. */
  readonly kept: Promise<void>
  /** The turn, when it is ours to run at once: the message is new, and nothing before it is still unanswered. */
  readonly claimed?: ClaimedTurn
}

type Answer =
  | { readonly refusal: 'not_found' | 'idempotency_mismatch' }
  | (Pick<Received, 'conversation' | 'message' | 'reply'> & {
      readonly refusal?: never
      readonly claimed?: boolean
      readonly agent: string | null
      readonly untrusted: boolean
      readonly purse: HeldPurse | null
      readonly mark: Mark | null
    })

/**
 * Keeps an inbound message with the turn that will answer it and the still empty reply, in one exchange, and takes the
 * turn where it can be taken. Deliveries of one message meet on a lock of its key, so the second finds what the first
 * has stored. A colleague's conversation is answered exactly as one that does not exist. What the turn's models are likely
 * to use is held back with it.
 */
export async function receive(
  { database, usage, clock }: Pick<Core, 'database' | 'usage' | 'clock'>,
  inbound: Inbound,
  personId: string,
): Promise<Received> {
  const tenant = inbound.caller.tenant.id
  const where = placeOf(inbound)
  const at = clock.now()
  const planned = usage.nextPurse(tenant, personId, where.conversation ?? where.opens, at)
  const sent = {
    ...where,
    ...messageRow(inbound, personId, at),
    ...(planned && { purse: planned.row }),
  }
  const statement = sql`SELECT platform.receive_message(${JSON.stringify(sent)}::jsonb, ${saidOfAbandoned}::jsonb) AS answer`
  const { rows, committed: kept } = await database.writeAhead<{ answer: Answer }>(
    tenant,
    prepared('tekup_receive_message', statement),
  )
  const { answer } = rows[0]!
  if (answer.refusal !== undefined) fail(answer.refusal)
  const { conversation, message, reply, claimed, agent, untrusted, purse, mark } = answer
  const place = { conversation, message, reply, kept }
  if (claimed !== true) return place
  const { text, locale, surface } = inbound
  const own: ClaimedTurn = {
    tenant,
    id: reply,
    attempt: 1,
    conversation,
    message,
    kept,
    surface,
    agent,
    text,
    locale,
    untrusted,
    isShared: inbound.shared !== undefined,
    calls: [],
    mark: mark ?? 'none',
    isFirst: where.conversation === undefined,
    ...(planned && { purse: { planned, held: purse } }),
  }
  return { ...place, claimed: own }
}

/** The conversation that a message goes to, or the one that it opens. */
function placeOf({ conversation, shared, text, agent }: Inbound) {
  const named = { title: titleFrom(text), agent: agent ?? null }
  if (shared) return { conversation: shared.id, ...named, ...heard(shared) }
  return conversation === undefined ? { opens: uuidv7(), ...named } : { conversation }
}

/** What others said comes before the message: ids of messages grow with time. */
const heard = ({ overheard, replaces }: SharedPlace) => ({
  ...(replaces !== undefined && { replaces }),
  untrusted: overheard.some(({ isOutsider }) => isOutsider),
  overheard: overheard.map(({ author, text }) => ({
    id: uuidv7(),
    author: storableText(author),
    text: storableText(text),
  })),
})

/** The message as `platform.receive_message` reads it. */
const messageRow = ({ text, locale, surface, messageId }: Inbound, person: string, at: Date) => ({
  person,
  text,
  locale,
  surface,
  at,
  ...(messageId !== undefined && { key: messageId }),
  message: uuidv7(),
  reply: uuidv7(),
  leaseSeconds,
})
