import type { AuditTrail } from '../audit/groupCommit.ts'
import { auditLine, type Happening } from '../audit/line.ts'
import type { Database } from '../database/database.ts'
import { Fault, fail } from '../errors.ts'
import type { Outbox } from '../events/outbox.ts'
import type { JobChange } from '../jobs/changes.ts'
import type { Egress } from '../egress/index.ts'
import { Undone } from '../jobs/together.ts'
import type { UsageMeter } from '../usage/meter.ts'
import type { RateLimits } from '../usage/rateLimits.ts'
import type { SettingsMemory } from '../settings/memory.ts'
import type { Vault } from '../vault/vault.ts'
import type { Logger } from '../observability/log.ts'
import type { ApprovedCall, Approvals, AskedCall, Confirmations, Rules } from './approval.ts'
import type { Caller } from './caller.ts'
import { isOn } from './domain.ts'
import { inputHash } from './canonical.ts'
import type { Clock } from './context.ts'
import { databaseFault } from './databaseFault.ts'
import { runRead, runWrite, type Engine } from './execute.ts'
import { LateInput, parseInput } from './input.ts'
import type { Precedence } from './precedence.ts'
import type { AnyOperation, OutputOf } from './operation.ts'
import type { Outcome } from './outcome.ts'
import type { Registry } from './registry.ts'

export interface InvokeParts {
  readonly registry: Registry
  readonly database: Database
  readonly audit: AuditTrail
  readonly outbox: Outbox
  readonly limits: RateLimits
  readonly precedence: Precedence
  readonly confirmations: Confirmations
  readonly vault: Vault
  readonly egress: Egress
  readonly usage: UsageMeter
  readonly approvals: Approvals
  readonly rules: Rules
  readonly settings: SettingsMemory
  readonly clock: Clock
  readonly log: Logger
  /** Told of every call once it is settled. */
  readonly observe: (call: SettledCall) => void
  /** Told when jobs have been committed, so that nobody waits for the next look. */
  readonly onWork: (jobs: readonly JobChange[]) => void
}

export interface SettledCall {
  readonly operation: AnyOperation
  readonly caller: Caller
  readonly code: string
  readonly seconds: number
}

/** Runs one operation for one caller: the only way to a handler, whatever the surface. */
export type Invoke = <O extends AnyOperation>(
  operation: O,
  input: unknown,
  caller: Caller,
) => Promise<Outcome<OutputOf<O>>>

/**
 * parse → authorize → limits → idempotency → approval → transaction → run → check the output → audit and outbox → commit.
 * A `LateInput` is read and parsed after authorize and limits, so that nobody sends a file in vain.
 * Throws a `Fault` that a person can act on; everything else that goes wrong becomes `internal`, logged with its cause.
 */
export function createInvoke(parts: InvokeParts): Invoke {
  const engine = engineOf(parts)
  return async (operation, input, caller) => {
    const started = performance.now()
    const at = engine.clock.now()
    const settled = (code: string): void =>
      engine.observe({ operation, caller, code, seconds: (performance.now() - started) / 1000 })
    try {
      const outcome = await perform(engine, operation, input, caller, at)
      settled('ok')
      return outcome as never
    } catch (error) {
      // Whoever shared the transaction is called again.
      if (error instanceof Undone) throw error
      const fault = asFault(error, engine.log, caller)
      settled(fault.code)
      const { code } = fault
      const recorded = recordRefusal(engine, {
        operation,
        caller,
        input: null,
        at,
        outcome: outcomeOf(fault),
        code,
      })
      // Where the database cannot be reached, nobody waits once more for it.
      if (code !== 'unavailable') await recorded
      throw fault
    }
  }
}

export const engineOf = (parts: InvokeParts): Engine => ({ ...parts, authorize })

async function perform(engine: Engine, operation: AnyOperation, given: unknown, caller: Caller, at: Date) {
  requireDomain(operation, caller)
  const { raw, input } = await receive(engine, operation, given, caller)
  const approved = approvedCall(operation, raw, caller)
  if (!approved) await decide(engine, { operation, raw, input, caller })
  if (operation.effect !== 'read') return runWrite(engine, { operation, input, caller, at, approved })
  const read = runRead(engine, { operation, input, caller, at })
  return isLookedAt(caller) ? engine.precedence.reading(read) : read
}

/** Somebody waits for it before a page: an agent's person waits for its answer, and a job for nobody. */
const isLookedAt = ({ actor: { kind }, piece }: Caller): boolean =>
  !piece && (kind === 'person' || kind === 'key')

async function receive(engine: Engine, operation: AnyOperation, given: unknown, caller: Caller) {
  if (given instanceof LateInput) {
    await admit(engine, operation, caller)
    const raw = await given.read()
    return { raw, input: parseInput(operation, raw, caller.locale) }
  }
  const input = parseInput(operation, given, caller.locale)
  await admit(engine, operation, caller)
  return { raw: given, input }
}

async function admit({ limits }: Engine, operation: AnyOperation, caller: Caller): Promise<void> {
  authorize(operation, caller)
  // What a company's jobs may do at once is bounded where they are handed out.
  if (!caller.piece) await limits.take(caller)
}

/** An operation of a domain that the tenant has switched off is answered as one that never was. */
function requireDomain(operation: AnyOperation, caller: Caller): void {
  if (!isOn(operation, caller)) fail('not_found')
}

function authorize(operation: AnyOperation, caller: Caller): void {
  requireDomain(operation, caller)
  if (!caller.permissions.has(operation.permission) || caller.rules?.denies(operation))
    fail('forbidden', { permission: operation.permission })
  if (operation.personOnly && caller.actor.kind !== 'person' && caller.actor.kind !== 'key')
    fail('person_required')
  if (caller.actor.kind === 'outsider' && !operation.publicKey)
    fail('forbidden', { permission: operation.permission })
}

/** A call that says it was approved is not decided on: its record is, in the transaction that carries it out. */
const approvedCall = (operation: AnyOperation, raw: unknown, caller: Caller): ApprovedCall | undefined =>
  caller.approval === undefined
    ? undefined
    : { approval: caller.approval, operation, hash: inputHash(operation.name, raw), caller }

async function decide(engine: Engine, call: AskedCall): Promise<void> {
  const decision = await engine.approvals.decide(call)
  if (decision === 'run') return
  if (decision === 'ask') return refuseUntilApproved(engine, call)
  const { operation, input, caller } = call
  const hash = inputHash(operation.name, input)
  if (engine.confirmations.accepts(caller, hash)) return
  const sentence = await engine.approvals.tell(call)
  fail('confirmation_required', { sentence, confirm: engine.confirmations.issue(caller, hash) })
}

async function refuseUntilApproved(engine: Engine, call: AskedCall): Promise<never> {
  const approval = await engine.approvals.ask(call)
  fail('approval_required', { sentence: approval.summary, approval })
}

const outcomeOf = (fault: Fault): 'refused' | 'failed' => (fault.status >= 500 ? 'failed' : 'refused')

function asFault(error: unknown, log: Logger, { origin, tenant }: Caller): Fault {
  const fault = error instanceof Fault ? error : databaseFault(error)
  if (fault.status >= 500)
    log.error({ err: error, requestId: origin.requestId, tenant: tenant.id }, 'operation failed')
  return fault
}

async function recordRefusal({ audit, log }: InvokeParts, happening: Happening): Promise<void> {
  await audit.record(auditLine(happening)).catch((error: unknown) => {
    log.error({ err: error, requestId: happening.caller.origin.requestId }, 'a refusal could not be recorded')
  })
}
