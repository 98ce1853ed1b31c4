import { v7 as uuidv7 } from 'uuid'
import type { z } from 'zod'
import type { Database, TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Outbox } from '../events/outbox.ts'
import type { ApprovalNotice, AskedCall } from '../operations/approval.ts'
import { canonicalJson, inputHash } from '../operations/canonical.ts'
import type { Actor } from '../operations/context.ts'
import { secretFields } from '../operations/secrets.ts'
import { decidersOf } from './deciders.ts'
import { editableFields } from './editable.ts'
import { askedEvent } from './events.ts'
import { expire } from './expire.ts'
import { pinsOf } from './grantable.ts'
import { previewOf, type Preview } from './preview/preview.ts'
import { reader, type Reading } from './preview/names.ts'
import { fieldsOf, metaOf } from './preview/schema.ts'
import type { Row } from './record.ts'
import { tooManyWaiting } from './sentences.ts'

interface Asking extends Reading {
  readonly database: Database
  readonly outbox: Outbox
}

/** Hours that a person has to answer. */
const openForHours = 24
/** Questions that may wait for one person: an agent that keeps asking is stopped before it drowns them. */
const mostWaiting = 100

export type Agent = Extract<Actor, { kind: 'agent' }>

/**
 * Keeps the question in a transaction of its own, with the exact input that will run and the card that a person will
 * see. The same call again, by its key or by its input while it waits, is the same question.
 */
export async function ask(parts: Asking, call: AskedCall): Promise<ApprovalNotice> {
  const { operation, caller } = call
  const agent = askingAgent(call)
  const preview = await previewOf(parts, { ...call, caller: reader(caller) })
  const raw = withVersion(call, preview)
  const question = { ...call, raw, agent, preview, hash: inputHash(operation.name, raw) }
  return parts.database.transaction(caller.tenant.id, 'READ WRITE', async (transaction) => {
    const asked = caller.idempotencyKey && (await askedBefore(transaction, agent, caller.idempotencyKey))
    const known = asked || (await stillWaiting(transaction, question))
    return noticeOf(known || (await keep(transaction, question, parts)), caller.locale)
  })
}

/** What whoever asked is to confirm: by name, so that nothing is taken away for something else; refused where it is not there. */
export async function tell(reading: Reading, call: AskedCall): Promise<string> {
  const { words, found } = await previewOf(reading, { ...call, caller: reader(call.caller) })
  if (!found && isShownById(reading, call)) fail('not_found')
  return words[call.caller.locale].summary
}

/** The asker names one thing of a resource that they may look at: they would have seen it. */
function isShownById({ registry }: Reading, { operation, input, caller }: AskedCall): boolean {
  const shows = registry.find(`${operation.domain}.${operation.resource}.get`)
  return shows !== undefined && 'id' in (input as object) && caller.permissions.has(shows.permission)
}

/** What an agent asks is for a person to say; what holds a file or a secret is neither kept nor shown. */
function askingAgent({ operation, raw, caller }: AskedCall): Agent {
  const { actor } = caller
  const given = Object.keys((raw ?? {}) as object)
  const secret = secretFields(operation.input as z.ZodType)
  const files = fieldsOf(operation.input as z.ZodType).filter(
    ([, schema]) => metaOf(schema)['kind'] === 'file',
  )
  const unkept = new Set([...secret, ...files.map(([name]) => name)])
  if (actor.kind !== 'agent' || given.some((name) => unkept.has(name))) fail('person_required')
  return actor
}

/** What runs is what was seen: where the operation takes the version that it is based on, it is given the card's. */
function withVersion({ operation, raw }: AskedCall, { version }: Preview): object {
  const given = (raw ?? {}) as Record<string, unknown>
  const takesVersion = fieldsOf(operation.input as z.ZodType).some(([name]) => name === 'version')
  return takesVersion && version !== undefined && given['version'] === undefined
    ? { ...given, version }
    : given
}

interface Question extends AskedCall {
  readonly agent: Agent
  readonly preview: Preview
  readonly hash: string
}

interface Kept {
  readonly id: string
  readonly operation: string
  readonly words: Preview['words']
  readonly expires_at: Date
}

const noticeOf = (kept: Kept, locale: 'da' | 'en'): ApprovalNotice => ({
  id: kept.id,
  operation: kept.operation,
  summary: kept.words[locale].summary,
  expiresAt: kept.expires_at.toISOString(),
})

async function askedBefore({ query }: TenantTransaction, agent: Agent, key: string) {
  const [known] = await query<Kept>(sql`
    SELECT id, operation, words, expires_at FROM platform.approvals
    WHERE tenant_id = (SELECT app.tenant()) AND person_id = ${agent.personId} AND agent_id = ${agent.id} AND request_key = ${key}`)
  return known
}

async function stillWaiting({ query }: TenantTransaction, { agent, hash, caller }: Question) {
  const [known] = await query<Kept>(sql`
    SELECT id, operation, words, expires_at FROM platform.approvals
    WHERE tenant_id = (SELECT app.tenant()) AND person_id = ${agent.personId} AND agent_id = ${agent.id} AND input_hash = ${hash}
      AND conversation_id IS NOT DISTINCT FROM ${caller.origin.conversation ?? null} AND status = 'pending' AND expires_at > now()`)
  return known
}

async function keep(
  transaction: TenantTransaction,
  question: Question,
  { registry, outbox }: Asking,
): Promise<Kept> {
  const { operation, raw, caller, agent, preview, hash } = question
  await requireRoom(transaction, agent)
  // The timer has not come by yet, and the same is asked again: that is a new question with a new card.
  await expire({ outbox }, transaction, sql`t.input_hash = ${hash}`)
  const pins = pinsOf(question)
  const [kept] = await transaction.query<Kept & Pick<Row, 'id' | 'person_id' | 'deciders'>>(sql`
    INSERT INTO platform.approvals (tenant_id, id, person_id, agent_id, agent_name, conversation_id, surface, locale, untrusted,
      request_key, operation, effect, permission, plugin_version, input, input_hash, subject_version, words, pins, editable, deciders, expires_at)
    VALUES (${caller.tenant.id}, ${uuidv7()}, ${agent.personId}, ${agent.id}, ${agent.name}, ${caller.origin.conversation ?? null},
      ${caller.origin.surface}, ${caller.locale}, ${caller.untrusted === true}, ${caller.idempotencyKey ?? null}, ${operation.name},
      ${operation.effect}, ${operation.permission}, ${registry.versionOf(operation)}, ${canonicalJson(raw)}, ${hash}, ${preview.version ?? null},
      ${JSON.stringify(preview.words)}::jsonb, ${pins && JSON.stringify(pins)}::jsonb, ${[...editableFields(operation)]},
      ${decidersOf(operation, registry)},
      now() + make_interval(hours => ${openForHours}))
    ON CONFLICT (tenant_id, person_id, agent_id, coalesce(conversation_id, '00000000-0000-0000-0000-000000000000'), input_hash)
      WHERE status = 'pending' DO UPDATE SET expires_at = excluded.expires_at
    RETURNING id, person_id, deciders, operation, words, expires_at`)
  outbox.store(transaction, caller, [askedEvent(kept!)])
  return kept!
}

async function requireRoom({ query }: TenantTransaction, { personId }: Agent): Promise<void> {
  const [waiting] = await query<{ full: boolean }>(sql`
    SELECT count(*) >= ${mostWaiting} AS full FROM platform.approvals
    WHERE tenant_id = (SELECT app.tenant()) AND person_id = ${personId} AND status = 'pending' AND expires_at > now()`)
  if (waiting?.full) fail('conflict', { reason: tooManyWaiting })
}
