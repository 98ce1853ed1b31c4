import type { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { Fault, fault } from '../errors.ts'
import type { Outbox } from '../events/outbox.ts'
import { formatMessage, sentence, type Sentence } from '../language.ts'
import type { AccessOf } from '../identity/presentAccess.ts'
import type { Logger } from '../observability/log.ts'
import type { Caller } from '../operations/caller.ts'
import type { Brought } from '../operations/brought.ts'
import { isOn } from '../operations/domain.ts'
import { inputHash } from '../operations/canonical.ts'
import type { Clock, Origin } from '../operations/context.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import { askedWhere, type Approvers } from './approvers.ts'
import { endedEvent } from './events.ts'
import { sourceOf } from './source.ts'
import { readItem, reader, type Reading } from './preview/names.ts'
import { rowColumns, type Row } from './record.ts'
import { reasons, settled } from './sentences.ts'
import { endingOf, settle, type Ending } from './settle.ts'

export interface CarryingOut extends Reading {
  readonly database: Database
  readonly outbox: Outbox
  readonly accessOf: AccessOf
  readonly brought: Brought
  readonly approvers: Approvers
  readonly clock: Clock
  readonly log: Logger
}

/** Seconds that one attempt is left alone: whoever began it is at it, or gone. */
export const idleSeconds = 60
/** What keeps failing for reasons of our own is given up, and said. */
const mostAttempts = 5

/**
 * Runs what was approved: the stored input, or what the person made of it, as the agent for the person who asked, with what that person may do now.
 * Any process may do it at any time after the decision; the record is claimed in the transaction of the change, so it
 * is done once. What no longer holds ends the approval with the reason.
 */
export async function carryOut(parts: CarryingOut, tenant: string, id: string): Promise<void> {
  const row = await begin(parts, tenant, id)
  if (!row) return
  const attempt = await check(parts, row)
  if (attempt instanceof Fault) return end(parts, row, 'void', attempt)
  try {
    await parts.invoke(attempt.operation, JSON.parse(inputOf(row)), attempt.caller)
  } catch (error) {
    await failed(parts, row, error)
  }
}

/** What is carried out: what was asked, or what a person made of it when they approved it. */
const inputOf = ({ input, changed_input: changed }: Row): string => changed ?? input

/** Takes the attempt: of many that come at once one gets it, and the next a minute later. */
async function begin({ database }: CarryingOut, tenant: string, id: string): Promise<Row | undefined> {
  const [row] = await database.transaction(tenant, 'READ WRITE', ({ query }) =>
    query<Row>(sql`
      UPDATE platform.approvals t SET attempts = attempts + 1, tried_at = now()
      WHERE t.tenant_id = (SELECT app.tenant()) AND t.id = ${id} AND t.status = 'approved'
        AND (t.tried_at IS NULL OR t.tried_at < now() - make_interval(secs => ${idleSeconds}))
      RETURNING ${rowColumns}`),
  )
  return row
}

interface Attempt {
  readonly operation: AnyOperation
  readonly caller: Caller
}

const isVoid = (reason: Sentence): Fault => fault('approval_void', { reason })

/** Whether what was approved is still what it was, and both people may still do it. */
async function check(parts: CarryingOut, row: Row): Promise<Attempt | Fault> {
  const { registry, accessOf } = parts
  const operation = registry.find(row.operation) ?? (await broughtTo(parts, row))
  if (!operation || registry.versionOf(operation) !== row.plugin_version) return isVoid(reasons.changedPlugin)
  if (!isAsStored(row)) return isVoid(reasons.changedRecord)
  if (row.is_late || row.attempts > mostAttempts) return isVoid(reasons.tooLate)
  const [asker, decider] = await Promise.all([
    accessOf(row.tenant_id, row.person_id).catch(left),
    accessOf(row.tenant_id, row.decided_by as string).catch(left),
  ])
  if (!asker) return isVoid(reasons.askerLeft)
  if (!isOn(operation, asker)) return isVoid(reasons.switchedOff)
  if (!asker.permissions.has(row.permission)) return isVoid(withName(reasons.askerMayNot, asker.actor.name))
  if (!decider?.permissions.has(row.permission)) return isVoid(reasons.deciderMayNot)
  if (!(await isStillApprover(parts, row))) return isVoid(reasons.deciderMayNot)
  const caller = callerOf(row, asker)
  return (await isChanged(parts, row, operation, caller))
    ? isVoid(reasons.changedSubject)
    : { operation, caller }
}

/** The place where it was asked may have named others since the decision. */
const isStillApprover = ({ database, approvers }: CarryingOut, row: Row): Promise<boolean> =>
  approvers.allow(
    { query: (statement) => database.read(row.tenant_id, statement) },
    askedWhere(row),
    row.decided_by as string,
  )

/** Both what was asked and what is carried out read as their hashes say. */
function isAsStored({ operation, input, input_hash, changed_input, changed_hash }: Row): boolean {
  const isAs = (text: string, hash: string | null) => inputHash(operation, JSON.parse(text)) === hash
  return isAs(input, input_hash) && (changed_input === null || isAs(changed_input, changed_hash))
}

const broughtTo = async ({ brought }: CarryingOut, row: Row): Promise<AnyOperation | undefined> =>
  (await brought(row.tenant_id)).find(({ name }) => name === row.operation)

function left(error: unknown): undefined {
  if (error instanceof Fault && error.status < 500) return undefined
  throw error
}

const withName = (words: Sentence, name: string): Sentence => ({
  da: sentence(words, 'da', { name }),
  en: sentence(words, 'en', { name }),
})

function callerOf(row: Row, asker: Authenticated): Caller {
  const origin: Origin = {
    surface: row.surface as Origin['surface'],
    requestId: `approval-${row.id}`,
    ...(row.conversation_id !== null && { conversation: row.conversation_id }),
  }
  return {
    tenant: asker.tenant,
    actor: { kind: 'agent', id: row.agent_id, name: row.agent_name, personId: row.person_id },
    permissions: asker.permissions,
    domains: asker.domains,
    locale: row.locale,
    origin,
    untrusted: row.untrusted,
    idempotencyKey: `approval:${row.id}`,
    approval: row.id,
  }
}

/** The person said yes to what the card showed; when that has been changed since, it was not this. */
async function isChanged(
  parts: CarryingOut,
  row: Row,
  { domain, resource }: AnyOperation,
  caller: Caller,
): Promise<boolean> {
  if (row.subject_version === null) return false
  const { id } = JSON.parse(inputOf(row)) as { id?: unknown }
  const found = await readItem(parts, `${domain}.${resource}`, id, reader(caller))
  return found?.item['version'] !== row.subject_version
}

/** A refusal ends it. What is only in the way for now (503, 504) is tried again by the timer. */
async function failed(parts: CarryingOut, row: Row, error: unknown): Promise<void> {
  const refused = error instanceof Fault ? error : fault('internal', undefined, { cause: error })
  if (refused.code === 'approval_settled') return
  const passes = refused.status === 503 || refused.status === 504
  if (passes && row.attempts < mostAttempts)
    return parts.log.warn({ err: error, approval: row.id }, 'an approval could not be carried out yet')
  await end(parts, row, 'failed', refused)
}

async function end(
  { database, outbox, clock }: CarryingOut,
  row: Row,
  status: Ending['status'],
  refused: Fault,
): Promise<void> {
  await database.transaction(row.tenant_id, 'READ WRITE', async (transaction) => {
    const ended = await settle(transaction, row, 'approved', {
      status,
      ...endingOf(refused),
      telling: row.changed_words ? settled.changed : settled.notDone,
      decider: row.decider_name ?? '',
      now: clock.now(),
    })
    if (ended) outbox.store(transaction, sourceOf(row), [endedEvent(row, status)])
  })
}

/** What was done, in the words of the operation, in both languages. */
export function doneSentence(
  { registry }: Reading,
  operation: AnyOperation,
  input: unknown,
  output: unknown,
): Sentence {
  const values = { ...(input as object), ...(output as object) }
  const said = (locale: 'da' | 'en') => formatMessage(registry.words(operation, locale).done, locale, values)
  return { da: said('da'), en: said('en') }
}
