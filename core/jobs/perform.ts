import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import { Fault, fault } from '../errors.ts'
import type { Logger } from '../observability/log.ts'
import type { Caller } from '../operations/caller.ts'
import type { Invoke } from '../operations/invoke.ts'
import { homeOf, isOn } from '../operations/domain.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { callerOf, type Rights } from './caller.ts'
import type { JobChange } from './changes.ts'
import { requireSmallOutput } from './enqueue.ts'
import { CutOff, failureOf } from './failure.ts'
import { onceItIsBack } from './onceItIsBack.ts'
import { endAlone, endWithin, noteFailure, readParcel, type After, type Row, type Trying } from './rows.ts'
import type { Parcel } from './store.ts'
import { mayShare, shareTransaction, Undone, type Pace, type Place } from './together.ts'
import type { Piece, Underway } from './underway.ts'
import type { Lane, Work, WorkList } from './work.ts'

/** What one piece calls, as whom. */
export interface Called {
  readonly operation: AnyOperation
  readonly input: unknown
  readonly caller: Caller
}

export interface Performing extends Rights {
  /** What a row of an automation calls; refuses where its rule holds no longer. */
  ruledCall(row: Row): Promise<Called>
  readonly database: Database
  readonly invoke: Invoke
  readonly work: WorkList
  readonly trying: Trying
  readonly pace: Pace
  readonly log: Logger
  onChange(change: JobChange): void
  /** A piece was settled after so many seconds, with this code (`ok` or that of a refusal). */
  observe(name: string, code: string, seconds: number): void
}

/** Milliseconds that a handler gets to notice that it was cut off, before nobody waits for it any more. */
const grace = 2_000

/**
 * Does what stands in a parcel: its jobs beside each other, each in a transaction of its own. Those that are known to be
 * short share one; where one of them fails, all are done again by themselves, as if nothing had been.
 */
export async function perform(given: Performing, underway: Underway, parcel: Parcel): Promise<void> {
  const parts = { ...given, accessOf: askedOnce(given.accessOf) }
  const rows = await onceItIsBack(() => readParcel(parts.database, parcel), underway.stopping)
  const [sharing, others] = partition(rows, (row) => mayShare(parts, row))
  const places = shareTransaction(parts.database, parcel.tenant, sharing.length)
  const alone = others.map((row) => runAlone(parts, underway, row))
  const ran = await Promise.all(sharing.map((row, index) => runPiece(parts, underway, row, places[index]!)))
  const undone = sharing.filter((_, index) => ran[index] === 'undone')
  await Promise.all([...alone, ...undone.map((row) => runAlone(parts, underway, row))])
}

function partition<Item>(items: readonly Item[], holds: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))]
}

/** What a person may do is asked once for the jobs of a parcel. */
function askedOnce(accessOf: Performing['accessOf']): Performing['accessOf'] {
  const known = new Map<string, ReturnType<Performing['accessOf']>>()
  return (tenant, person) => {
    const asked = known.get(person) ?? accessOf(tenant, person)
    known.set(person, asked)
    return asked
  }
}

const runAlone = (parts: Performing, underway: Underway, row: Row) =>
  runPiece(parts, underway, row, shareTransaction(parts.database, row.tenant_id, 1)[0]!)

async function runPiece(
  parts: Performing,
  underway: Underway,
  row: Row,
  place: Place,
): Promise<'settled' | 'undone'> {
  const lane = parts.work.find(row.name)
  if (!lane) return 'settled'
  const piece = underway.begin(row.id, lane.timeout)
  const { signal } = piece
  const started = performance.now()
  const settled = (code: string): 'settled' => {
    parts.observe(row.name, code, (performance.now() - started) / 1000)
    return 'settled'
  }
  try {
    tell(parts, row, 'running')
    const after = await untilCutOff(attempt(parts, lane, row, place, piece), signal)
    tell(parts, row, after.next === undefined ? 'done' : 'waiting')
    return settled('ok')
  } catch (error) {
    parts.pace.forget(row.name)
    return error instanceof Undone && !signal.aborted
      ? 'undone'
      : settled(await failed(parts, lane, row, error, signal, underway.stopping))
  } finally {
    underway.end(piece)
    place.leave()
  }
}

async function attempt(
  parts: Performing,
  lane: Lane | Work,
  row: Row,
  place: Place,
  piece: Piece,
): Promise<After> {
  if (row.cancelling) throw new CutOff('cancelled')
  const called = 'operation' in lane ? await workCall(parts, lane, row) : await parts.ruledCall(row)
  if (!called) return endedAlone(parts, row, {})
  const { operation, input, caller } = called
  if (!isOn(operation, caller)) throw fault('job_plugin_off', { plugin: homeOf(operation) })
  let after: After = {}
  const outcome = await parts.invoke(operation, input, {
    ...caller,
    signal: piece.signal,
    // What speaks with another system is begun in one transaction and ended in another.
    ...(operation.outside && { idempotencyKey: `job:${row.id}:${row.piece}` }),
    piece: {
      transact: (work) => {
        piece.rest()
        return place.transact((transaction) => timed(parts.pace, row, piece, () => work(transaction)))
      },
      end: (transaction, output) => {
        after = afterwards(lane, output, input)
        endWithin(transaction, row, after)
      },
    },
  })
  return outcome.replayed ? endedAlone(parts, row, afterwards(lane, outcome.value, input)) : after
}

async function timed<Result>(
  pace: Pace,
  { name }: Row,
  piece: Piece,
  work: () => Promise<Result>,
): Promise<Result> {
  const started = performance.now()
  piece.work()
  const result = await work().finally(() => piece.rest())
  pace.took(name, performance.now() - started)
  return result
}

async function workCall(parts: Performing, work: Work, row: Row): Promise<Called | undefined> {
  const input = work.inputOf(row.input, { id: row.event_id ?? row.id, at: row.at })
  return input === undefined
    ? undefined
    : { operation: work.operation, input, caller: await callerOf(parts, work, row) }
}

function afterwards(lane: Lane | Work, output: unknown, input: unknown): After {
  const after = 'operation' in lane ? lane.after(output, input) : {}
  requireSmallOutput(output)
  requireSmallOutput(after.next)
  return after
}

async function endedAlone({ database }: Performing, row: Row, after: After): Promise<After> {
  await endAlone(database, row, after)
  return after
}

/** A handler that does not hear that it was cut off is left to itself: its transaction has been rolled back. */
async function untilCutOff<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const given = new AbortController()
  const deaf = new Promise<never>((_, reject) => {
    signal.addEventListener(
      'abort',
      () =>
        void sleep(grace, undefined, { signal: given.signal, ref: false }).then(
          () => reject(signal.reason as Error),
          () => undefined,
        ),
      { once: true },
    )
  })
  return Promise.race([work, deaf]).finally(() => given.abort())
}

async function failed(
  parts: Performing,
  lane: Lane,
  row: Row,
  error: unknown,
  signal: AbortSignal,
  stopping: AbortSignal,
): Promise<string> {
  if (error instanceof Fault && error.code === 'job_ended') return error.code
  const cutOff = error instanceof CutOff ? error : (signal.reason as CutOff | undefined)
  const failure = failureOf(error, cutOff)
  const note = () => noteFailure(parts.database, row, failure, lane, parts.trying)
  const status = await onceItIsBack(note, stopping).catch((failing: unknown) => {
    // It stays as it is until somebody asks the queue for it, and is then taken back.
    parts.log.warn({ err: failing, job: row.id, name: row.name }, 'how a job ended could not be noted')
    return undefined
  })
  if (status) tell(parts, row, status)
  if (status === 'failed')
    parts.log.warn(
      { job: row.id, name: row.name, tenant: row.tenant_id, code: failure.fault.code },
      'a job has failed',
    )
  return failure.fault.code
}

const tell = (
  parts: Performing,
  { tenant_id: tenant, id, name, person_id: personId }: Row,
  status: string,
): void => parts.onChange({ tenant, id, name, personId, status })
