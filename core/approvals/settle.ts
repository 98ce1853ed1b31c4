import { v7 as uuidv7 } from 'uuid'
import type { TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { storableJson, storableText } from '../conversations/storable.ts'
import type { Fault } from '../errors.ts'
import { sentence, type Sentence } from '../language.ts'
import type { Row } from './record.ts'

/** How a question ended: a refusal with its code, or what was done with what came of it. */
export interface Ending {
  readonly status: 'done' | 'failed' | 'rejected' | 'void'
  readonly code: string | null
  readonly outcome: Sentence
  readonly output?: unknown
  /** Who decided, where that is decided now. */
  readonly decidedBy?: string | undefined
  /** What the conversation is told, filled with the decider's name, what they changed, and the outcome. */
  readonly telling: Sentence
}

/** A refusal as it is kept: its code, and its sentence in both languages. */
export const endingOf = (fault: Fault): { code: string; outcome: Sentence } => ({
  code: fault.code,
  outcome: { da: fault.sentence('da'), en: fault.sentence('en') },
})

type Settled = Pick<Row, 'id' | 'conversation_id' | 'locale' | 'changed_words'>

/**
 * Ends a question that is in the given state, once, and tells the conversation in the same transaction; a later turn
 * reads it there. False when it was not in that state any more.
 */
export async function settle(
  { query }: Pick<TenantTransaction, 'query'>,
  { id, conversation_id: conversation, locale, changed_words: changed }: Settled,
  from: 'pending' | 'approved',
  ending: Ending & { readonly decider: string; readonly now: Date },
): Promise<boolean> {
  const { status, code, outcome, output, telling, decider, decidedBy, now } = ending
  const ended = await query(sql`
    UPDATE platform.approvals SET status = ${status}, code = ${code}, outcome = ${storableJson(outcome)}::jsonb,
      output = ${output === undefined ? null : storableJson(output)}::jsonb,
      decided_by = coalesce(decided_by, ${decidedBy ?? null}), decided_at = coalesce(decided_at, now())
    WHERE tenant_id = (SELECT app.tenant()) AND id = ${id} AND status = ${from} RETURNING 1`)
  if (ended.length === 0 || conversation === null) return ended.length > 0
  const changes = changed?.[locale].changes.map(({ label, value }) => `${label}: ${value}`).join(' · ') ?? ''
  const text = sentence(telling, locale, { name: decider, changes, sentence: outcome[locale] })
  await query(sql`
    WITH spoken AS (
      UPDATE platform.conversations SET ranked_at = ${now}
      WHERE tenant_id = (SELECT app.tenant()) AND id = ${conversation} RETURNING tenant_id, id, person_id)
    INSERT INTO platform.messages (tenant_id, id, conversation_id, person_id, role, text, locale, status, at)
    SELECT tenant_id, ${uuidv7()}, id, person_id, 'agent', ${storableText(text)}, ${locale}, 'done', ${now} FROM spoken`)
  return true
}

/** The label stands before anybody reads what came from outside. */
export async function raiseUntrusted(
  { query }: TenantTransaction,
  { conversation_id: conversation }: Settled,
): Promise<void> {
  if (conversation === null) return
  await query(sql`
    UPDATE platform.conversations SET untrusted = true
    WHERE tenant_id = (SELECT app.tenant()) AND id = ${conversation} AND NOT untrusted`)
}
