import type { z } from 'zod'
import { auditLine } from '../audit/line.ts'
import type { TenantTransaction } from '../database/database.ts'
import type { Statement } from '../database/sql.ts'
import { emitted, type EmittedEvent } from '../events/event.ts'
import { queuedJob, storeJobs, type QueuedJob } from '../jobs/enqueue.ts'
import { storeAudit } from '../audit/store.ts'
import { Fault } from '../errors.ts'
import type { ApprovedCall } from './approval.ts'
import type { Caller, JobPiece } from './caller.ts'
import { inputHash } from './canonical.ts'
import type { ReadContext, WriteContext } from './context.ts'
import { claimKey, releaseKey, storeOutcome } from './idempotency.ts'
import { parseInput } from './input.ts'
import { askingOf, jsonOutcome, readInOne, type JsonRow } from './readInOne.ts'
import type { InvokeParts } from './invoke.ts'
import type { AnyOperation, Effect } from './operation.ts'
import { Outcome } from './outcome.ts'
import { withoutSecrets } from './secrets.ts'

export interface Engine extends InvokeParts {
  readonly authorize: (operation: AnyOperation, caller: Caller) => void
}

/** One open transaction of a caller: what a context, its nested calls and its trail share. */
interface Frame {
  readonly engine: Engine
  /** The most that was decided on; a nested call can do no more harm. */
  readonly effect: Effect
  readonly caller: Caller
  readonly at: Date
  readonly transaction: TenantTransaction
  readonly events: EmittedEvent[]
  readonly jobs: QueuedJob[]
}

/** The answer of a read waits for its line of the trail. */
export async function runRead(engine: Engine, call: Call): Promise<Outcome> {
  const { operation, input, caller, at } = call
  const line = auditLine({ operation, caller, input, at, outcome: 'done' })
  if (operation.query) return readInOne(engine, operation, input, caller, line)
  const outcome = Outcome.ofValue(await readThroughHandler(engine, call))
  await engine.audit.record(line)
  return outcome
}

async function readThroughHandler(engine: Engine, call: Call): Promise<unknown> {
  const { operation, input } = call
  const work = operation.outside && (await inTransaction(engine, call, (frame) => prepare(frame, call)))
  const answer = await work?.()
  return inTransaction(engine, call, (frame) => runHandler(frame, operation, input, answer))
}

/** One call, as it has been read and decided on. */
interface Call {
  readonly operation: AnyOperation
  readonly input: unknown
  readonly caller: Caller
  readonly at: Date
  readonly approved?: ApprovedCall | undefined
}

export async function runWrite(engine: Engine, call: Call): Promise<Outcome> {
  const outcome = await (call.operation.outside ? changeAround(engine, call) : change(engine, call))
  const { afterCommit } = call.operation
  return afterCommit ? Outcome.ofValue(await afterCommit(outcome.value, call.caller)) : outcome
}

const change = (engine: Engine, call: Call): Promise<Outcome> =>
  inTransaction(
    engine,
    call,
    async (frame) => (await claim(frame, call)) ?? complete(frame, call, undefined),
    call.caller.piece?.transact,
  )

/** The same around what is said to another system: that it was begun is committed before, what came of it after. */
async function changeAround(engine: Engine, call: Call): Promise<Outcome> {
  const { operation, input, caller, at } = call
  const begun = await inTransaction(engine, call, async (frame) => {
    const known = await claim(frame, call)
    if (known) return known
    const work = await prepare(frame, call)
    storeAudit(frame.transaction, auditLine({ operation, caller, input, at, outcome: 'begun' }))
    return work
  })
  if (begun instanceof Outcome) return begun
  const answer = await begun().catch(async (error: unknown) => {
    await forget(engine, caller, error)
    throw error
  })
  return inTransaction(engine, call, (frame) => complete(frame, call, answer))
}

/** A refusal says that nothing was done, so the key is free again; of anything else nobody knows. */
async function forget({ database, log }: Engine, caller: Caller, error: unknown): Promise<void> {
  if (caller.idempotencyKey === undefined || !isRefusal(error)) return
  await database.write(caller.tenant.id, releaseKey(caller)).catch((failed: unknown) => {
    log.error({ err: failed, requestId: caller.origin.requestId }, 'a key could not be released')
  })
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Fault && error.status < 500 && error.code !== 'outcome_unknown'

const inTransaction = <Result>(
  engine: Engine,
  { operation, caller, at }: Call,
  work: (frame: Frame) => Promise<Result>,
  transact: JobPiece['transact'] = (run) =>
    engine.database.transaction(caller.tenant.id, modeOf(operation), run),
): Promise<Result> => {
  const effect = operation.effect as Effect
  return transact((transaction) =>
    giveUpWith(caller, work({ engine, effect, caller, at, transaction, events: [], jobs: [] })),
  )
}

const modeOf = ({ effect }: AnyOperation) => (effect === 'read' ? 'READ ONLY' : 'READ WRITE')

/** A job that is cut off is rolled back, whatever its handler still waits for: its connection is needed by others. */
function giveUpWith<Result>({ piece, signal }: Caller, work: Promise<Result>): Promise<Result> {
  if (!piece || !signal) return work
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error)
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}

/** Takes the key, the approval and the rule for this call; answers the stored outcome where the key was seen before. */
async function claim({ engine, transaction }: Frame, call: Call): Promise<Outcome | undefined> {
  const { operation, caller, approved } = call
  const key = keyOf(call)
  const known = key && (await claimKey(transaction, caller, operation, key))
  if (known) return Outcome.ofValue(known.output, 'replayed')
  if (approved) await engine.approvals.claim(transaction, approved)
  if (caller.rule) await engine.rules.claim(transaction, caller.rule, operation)
  return undefined
}

const keyOf = ({ operation, input, caller: { idempotencyKey } }: Call) =>
  idempotencyKey ? { key: idempotencyKey, hash: inputHash(operation.name, input) } : undefined

async function prepare(frame: Frame, { operation, input }: Call): Promise<() => Promise<unknown>> {
  const { call: _, ...context } = readContext(frame)
  const { vault, egress, usage } = writeContext(frame)
  return operation.outside!(input, { ...context, vault, egress, usage })
}

/** The change, its trail, its events, its approval and its stored outcome: all of it is committed, or none. */
async function complete(frame: Frame, call: Call, answer: unknown): Promise<Outcome> {
  const { engine, transaction, events } = frame
  const { operation, input, caller, at, approved } = call
  const output = await runHandler(frame, operation, input, answer)
  if (approved) await engine.approvals.done(transaction, approved, input, output)
  const subject = (output as { id?: unknown } | null)?.id
  storeAudit(transaction, auditLine({ operation, caller, input, at, outcome: 'done', subject }))
  engine.outbox.store(transaction, caller, events)
  storeJobs(transaction, caller, frame.jobs, engine.onWork)
  caller.piece?.end(transaction, output)
  const key = keyOf(call)
  if (key) storeOutcome(transaction, caller, key, withoutSecrets(operation.output as z.ZodType, output))
  return Outcome.ofValue(output)
}

async function runHandler(
  frame: Frame,
  operation: AnyOperation,
  input: unknown,
  answer: unknown,
): Promise<unknown> {
  if (operation.query) {
    const statement = await operation.query(input, askingOf(frame.engine, frame.caller))
    return jsonOutcome((await frame.transaction.query<JsonRow>(statement))[0]).value
  }
  const context = operation.effect === 'read' ? readContext(frame) : writeContext(frame)
  const output: unknown = await operation.run!(input, context as WriteContext, answer as never)
  const checked = operation.output.safeParse(output)
  if (checked.success) return checked.data
  throw new Error(`${operation.name} answered outside its own output schema.`, { cause: checked.error })
}

function readContext(frame: Frame): ReadContext {
  const { engine, caller, transaction } = frame
  return {
    tenant: caller.tenant,
    actor: caller.actor,
    origin: caller.origin,
    locale: caller.locale,
    permissions: caller.permissions,
    domains: caller.domains,
    operations: engine.registry,
    clock: engine.clock,
    log: engine.log,
    signal: caller.signal ?? new AbortController().signal,
    query: (statement) => transaction.query(statement as Statement) as never,
    settings: (of) => engine.settings.of(caller.tenant.id, of),
    call: (operation, input) => callNested(frame, operation, input) as never,
  }
}

function writeContext(frame: Frame): WriteContext {
  return {
    ...readContext(frame),
    call: (operation, input) => callNested(frame, operation, input) as never,
    pipeline: (...work) => frame.transaction.pipeline(...work),
    vault: frame.engine.vault.of(frame.caller.tenant.id, (statement) => frame.transaction.query(statement)),
    egress: frame.engine.egress,
    usage: frame.engine.usage,
    emit: (type, payload) => void frame.events.push(emitted(type, payload)),
    enqueue: (job, input, options) => {
      const queued = queuedJob(job, parseInput(job.operation, input, frame.caller.locale), input, options)
      frame.engine.authorize(job.operation, frame.caller)
      frame.jobs.push(queued)
      return queued.id
    },
  }
}

/** Runs work that furnishes a new company, outside any operation: its events are kept, its rows are its own. */
export async function runFurnishing<Result>(
  engine: Engine,
  caller: Caller,
  work: (context: WriteContext) => Promise<Result>,
): Promise<Result> {
  return engine.database.transaction(caller.tenant.id, 'READ WRITE', async (transaction) => {
    const frame: Frame = {
      engine,
      effect: 'write',
      caller,
      at: engine.clock.now(),
      transaction,
      events: [],
      jobs: [],
    }
    const result = await work(writeContext(frame))
    engine.outbox.store(transaction, caller, frame.events)
    storeJobs(transaction, caller, frame.jobs, engine.onWork)
    return result
  })
}

const severity: Record<Effect, number> = { read: 0, write: 1, send: 2, destroy: 3 }

/** A nested call keeps its own permission check and trail, and can never do more harm than what was decided on. */
async function callNested(outer: Frame, operation: AnyOperation, raw: unknown): Promise<unknown> {
  const { engine, effect, caller, at, transaction } = outer
  const input = parseInput(operation, raw, caller.locale)
  engine.authorize(operation, caller)
  if (severity[operation.effect as Effect] > severity[effect]) {
    throw new Error(
      `An operation that may ${effect} called ${operation.name}, which may ${operation.effect}.`,
    )
  }
  if (operation.outside)
    throw new Error(`${operation.name} speaks with another system, so no other operation calls it.`)
  const output = await runHandler(outer, operation, input, undefined)
  const line = auditLine({ operation, caller, input, at, outcome: 'done' })
  if (effect === 'read') await engine.audit.record(line)
  else storeAudit(transaction, line)
  return output
}
