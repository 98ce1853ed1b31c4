import type { Database, TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { Fault, fail, fault } from '../errors.ts'
import type { Sentence } from '../language.ts'
import type { AccessOf } from '../identity/presentAccess.ts'
import type { Caller, Rule } from '../operations/caller.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import { hashOf } from './definition.ts'
import { named, voids } from './reasons.ts'
import { definitionOf, type Row } from './record.ts'
import { filled, type Happened } from './template.ts'

export interface Following {
  readonly registry: Registry
  readonly database: Database
  readonly accessOf: AccessOf
}

/** A run as the table of jobs keeps it. */
export interface Run {
  readonly tenant_id: string
  readonly id: string
  readonly rule_id: string | null
  readonly event_id: string | null
  readonly request_id: string
  readonly input: unknown
  readonly depth: number
  readonly automations: readonly string[]
}

/** What a run calls, as whom. */
export interface RuledCall {
  readonly operation: AnyOperation
  readonly input: Record<string, unknown>
  readonly caller: Caller
}

/**
 * The one call that a run may make: the operation that a person approved, with what the event fills in, with what that
 * person may do now. What no longer holds switches the automation off and says why.
 */
export async function ruledCall(parts: Following, run: Run): Promise<RuledCall> {
  const { hash } = run.input as { readonly hash: string }
  const { row, happened } = await read(parts, run)
  if (!row || row.status !== 'on') throw fault('automation_off')
  if (row.approved_hash !== hash || hashOf(definitionOf(row)) !== hash) throw fault('automation_changed')
  const held = await stillHolds(parts, run, row)
  if ('da' in held) return giveUp(parts, run, row, held)
  const { operation, approver } = held
  return {
    operation,
    input: filled(row.input, happened),
    caller: {
      tenant: approver.tenant,
      actor: { kind: 'job', id: `automation:${row.id}`, name: row.name, personId: approver.actor.id },
      origin: { surface: 'job', requestId: run.request_id },
      permissions: approver.permissions,
      domains: approver.domains,
      locale: approver.locale,
      rule: { id: row.id, hash },
      cause: { depth: run.depth + 1, automations: [...run.automations, row.id] },
    },
  }
}

async function read({ database }: Following, { tenant_id: tenant, rule_id: rule, event_id: event }: Run) {
  const [found] = await database.read<Happened & { readonly row: Row | null }>(
    tenant,
    sql`SELECT o.id, o.at, o.payload, to_jsonb(a) AS row FROM platform.outbox o
      LEFT JOIN platform.automations a ON a.tenant_id = o.tenant_id AND a.id = ${rule}
      WHERE o.tenant_id = (SELECT app.tenant()) AND o.id = ${event}`,
  )
  return found ? { row: found.row, happened: found } : fail('automation_off')
}

interface Held {
  readonly operation: AnyOperation
  readonly approver: Authenticated
}

async function stillHolds({ registry, accessOf }: Following, run: Run, row: Row): Promise<Held | Sentence> {
  const operation = registry.find(row.operation)
  if (!operation) return voids.operationGone
  if (!isCompatible(row.plugin_version ?? '', registry.versionOf(operation))) return voids.changedPlugin
  const approver = await accessOf(run.tenant_id, row.approved_by ?? '').catch(left)
  if (!approver) return voids.approverLeft
  if (!approver.permissions.has(operation.permission)) return named(voids.approverMayNot, approver.actor.name)
  return { operation, approver }
}

function left(error: unknown): undefined {
  if (error instanceof Fault && error.status < 500) return undefined
  throw error
}

/** Semantic versioning 2.0.0: the first number that is not zero moves when something is made incompatible. */
function isCompatible(approved: string, now: string): boolean {
  const [one, other] = [approved, now].map((version) => version.split('.').map(Number))
  const decisive = one!.findIndex((part) => part !== 0)
  return one!.slice(0, Math.max(decisive, 0) + 1).every((part, place) => part === other![place])
}

/** Switches the automation off for good, with the reason, unless somebody has looked at it meanwhile. */
async function giveUp({ database }: Following, run: Run, row: Row, reason: Sentence): Promise<never> {
  const refusal = fault('automation_void', { reason })
  const said = { da: refusal.sentence('da'), en: refusal.sentence('en') }
  await database.write(
    run.tenant_id,
    sql`UPDATE platform.automations SET status = 'stopped', code = ${refusal.code}, reason = ${JSON.stringify(said)}::jsonb
      WHERE tenant_id = (SELECT app.tenant()) AND id = ${row.id} AND status = 'on' AND approved_hash = ${row.approved_hash}`,
  )
  throw refusal
}

/**
 * Holds the rule fast for the transaction of the change: it is switched on, approved for exactly this, and nothing is
 * stopped. Whoever switches it off waits until this is committed, and nothing comes after.
 */
export async function claimRule(
  { query }: TenantTransaction,
  { id, hash }: Rule,
  operation: AnyOperation,
): Promise<void> {
  const [held] = await query<{ stopped: boolean }>(sql`
    SELECT EXISTS (SELECT FROM platform.automation_stops s WHERE s.tenant_id = a.tenant_id) AS stopped
    FROM platform.automations a
    WHERE a.tenant_id = (SELECT app.tenant()) AND a.id = ${id} AND a.status = 'on' AND a.approved_hash = ${hash}
      AND a.operation = ${operation.name} FOR SHARE OF a`)
  if (!held) fail('automation_off')
  if (held.stopped) fail('automations_stopped')
}
