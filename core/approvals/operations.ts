import { z } from 'zod'
import { sql } from '../database/sql.ts'
import { fail, fault } from '../errors.ts'
import { personOf, type ReadContext, type WriteContext } from '../operations/context.ts'
import { operation, type AnyOperation, type Who } from '../operations/operation.ts'
import type { LocaleFile } from '../operations/plugin.ts'
import { getOperation, idOf, listOperation } from '../resources/reads.ts'
import { itemStatement, type Resource } from '../resources/resource.ts'
import type { Database } from '../database/database.ts'
import type { Approvers } from './approvers.ts'
import { editOf, keepEdit, type Edit } from './edit.ts'
import { approvalForm } from './editForm.ts'
import { requireExplicitScope } from './explicitScope.ts'
import { Always, grant, grantOperations } from './grants.ts'
import { approvalDecided, approvalEnded, questionOf } from './events.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }
import { policyOperations } from './policy.ts'
import { approvals, mayDecide, rowColumns, type Approval, type Row } from './record.ts'
import { notChangedAlways, settled } from './sentences.ts'
import { refuseSettled } from './settled.ts'
import { endingOf, settle } from './settle.ts'
import type { Registry } from '../operations/registry.ts'

export interface ApprovalOperationParts {
  readonly registry: () => Registry
  readonly database: Pick<Database, 'read'>
  /** Runs what was approved, when its decision is committed. */
  readonly carryOut: (tenant: string, id: string) => Promise<void>
  /** Refuses whom the place where it was asked does not let approve. */
  readonly requireApprover: Approvers['require']
}

const approvalId = idOf(approvals.en)
/** Fields of the call by name, with what is to stand there instead; null takes one out that may be left out. */
const Changes = z
  .record(z.string().max(100), z.unknown())
  .refine((changes) => Object.keys(changes).length <= 100)
const listed = {
  name: 'platform.approvals.list',
  summary: 'List what agents have asked a person to approve and you may decide, with how it ended',
} as const
const got = {
  name: 'platform.approvals.get',
  summary: 'Get one thing that an agent has asked a person to approve',
} as const
const lists = { da: listOperation(approvals.da, listed), en: listOperation(approvals.en, listed) }
const gets = { da: getOperation(approvals.da, got), en: getOperation(approvals.en, got) }

/** A card may hold an outsider's words, so an agent that reads one has read them. */
const listApprovals: typeof lists.en = {
  ...lists.en,
  untrusted: true,
  query: (asked, who) => lists[who.locale].query!(asked, who),
}
const getApproval: typeof gets.en = {
  ...gets.en,
  untrusted: true,
  query: (asked, who) => gets[who.locale].query!(asked, who),
}

/** Deciding is for people: no agent, no job, no words in a chat. The decision is committed before anything runs. */
export function approvalOperations(parts: ApprovalOperationParts): AnyOperation[] {
  const { registry, database, carryOut } = parts
  const approve = operation({
    name: 'platform.approvals.approve',
    summary:
      'Approve what an agent has asked for: exactly what the card shows is carried out, once, or what you make of it',
    effect: 'write',
    personOnly: true,
    input: z.strictObject({ id: approvalId, always: Always.optional(), changes: Changes.optional() }),
    output: approvals.en.item,
    async run({ id, always, changes }, context) {
      const row = await questionFor(context, id)
      const edit = editOf(registry(), row, changes, context)
      if (isOwnDecision(row, context, 'approved') && isSame(row, edit)) return shown(context, id)
      refuseSettled(row)
      await parts.requireApprover(context, row)
      if (row.is_parked) fail('switched_off')
      if (always && edit) fail('conflict', { reason: notChangedAlways })
      if (always) await grant(context, row, always)
      const kept = edit && (await keepEdit(registry(), row, edit, context))
      await context.query(sql`
        UPDATE platform.approvals SET status = 'approved', decided_by = ${personOf(context.actor)}, decided_at = now(),
          changed_input = ${kept?.input ?? null}, changed_hash = ${kept?.hash ?? null}, changed_words = ${kept?.words ?? null}::jsonb
        WHERE tenant_id = (SELECT app.tenant()) AND id = ${id} AND status = 'pending'`)
      context.emit(approvalDecided, questionOf(row))
      return shown(context, id)
    },
    async afterCommit({ id }, caller) {
      await carryOut(caller.tenant.id, id)
      const [now] = await database.read<{ json: string }>(caller.tenant.id, itemOf(caller, id))
      return now ? (JSON.parse(now.json) as Approval) : fail('not_found')
    },
  })
  const reject = operation({
    name: 'platform.approvals.reject',
    summary: 'Say no to what an agent has asked for; it is not done',
    effect: 'write',
    personOnly: true,
    input: z.strictObject({ id: approvalId }),
    output: approvals.en.item,
    async run({ id }, context) {
      const row = await questionFor(context, id)
      if (isOwnDecision(row, context, 'rejected')) return shown(context, id)
      refuseSettled(row)
      await sayNo(context, row)
      context.emit(approvalEnded, { ...questionOf(row), status: 'rejected' })
      return shown(context, id)
    },
  })
  const withdraw = operation({
    name: 'platform.approvals.withdraw',
    summary:
      'Take back what an agent has asked for in your name, before somebody has decided it; it is not done',
    effect: 'write',
    personOnly: true,
    input: z.strictObject({ id: approvalId }),
    output: approvals.en.item,
    async run({ id }, context) {
      const row = await ownQuestion(context, id)
      if (isOwnDecision(row, context, 'rejected')) return shown(context, id)
      refuseSettled(row)
      await sayNo(context, row, settled.withdrawn)
      context.emit(approvalEnded, { ...questionOf(row), status: 'rejected' })
      return shown(context, id)
    },
  })
  return [
    listApprovals,
    getApproval,
    approvalForm(parts),
    approve,
    reject,
    withdraw,
    ...grantOperations,
    ...policyOperations(registry),
  ]
}

export const approvalWords: { readonly da: LocaleFile; readonly en: LocaleFile } = { da, en }

/** The question, locked, for somebody who may do the same themselves; of two who decide at once the second waits here. */
async function questionFor(context: WriteContext, id: string): Promise<Row> {
  const [row] = await context.query<Row>(sql`
    SELECT ${rowColumns} FROM platform.approvals t
    WHERE t.tenant_id = (SELECT app.tenant()) AND t.id = ${id} AND ${mayDecide(context)} FOR UPDATE OF t`)
  if (!row) fail('not_found')
  if (!context.permissions.has(row.permission)) fail('forbidden', { permission: row.permission })
  await requireExplicitScope(context, decidingScope)
  return row
}

/** The question, locked, for the person whom the agent asks for; that they may no longer do it does not keep them from taking it back. */
async function ownQuestion({ query, actor }: WriteContext, id: string): Promise<Row> {
  const [row] = await query<Row>(sql`
    SELECT ${rowColumns} FROM platform.approvals t
    WHERE t.tenant_id = (SELECT app.tenant()) AND t.id = ${id} AND t.person_id = ${personOf(actor) ?? null} FOR UPDATE OF t`)
  return row ?? fail('not_found')
}

const decidingScope = 'platform.approvals:write'

/** What they decided is what they decide now. */
const isSame = (row: Row, edit: Edit | undefined): boolean => row.changed_hash === (edit?.hash ?? null)

/** The same person pressing again has not changed their mind. */
function isOwnDecision(row: Row, { actor }: WriteContext, as: 'approved' | 'rejected'): boolean {
  const mine = row.decided_by !== null && row.decided_by === personOf(actor)
  return mine && (row.status === 'rejected') === (as === 'rejected')
}

async function sayNo(context: WriteContext, row: Row, telling = settled.rejected): Promise<void> {
  const { name } = context.actor
  await settle(context as Parameters<typeof settle>[0], row, 'pending', {
    status: 'rejected',
    decidedBy: personOf(context.actor),
    ...endingOf(fault('approval_rejected', { name })),
    telling,
    decider: name,
    now: context.clock.now(),
  })
}

const itemOf = (who: Who, id: string) => itemStatement(approvals[who.locale] as unknown as Resource, id, who)

async function shown(context: ReadContext | WriteContext, id: string): Promise<Approval> {
  const [row] = await context.query<{ json: string }>(itemOf(context, id))
  return row ? (JSON.parse(row.json) as Approval) : fail('not_found')
}
