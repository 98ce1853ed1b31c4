import { mostConnections, type Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { createRelay } from '../events/relay.ts'
import type { AccessOf } from '../identity/presentAccess.ts'
import type { Logger } from '../observability/log.ts'
import type { Invoke } from '../operations/invoke.ts'
import type { Registry } from '../operations/registry.ts'
import type { JobChange } from './changes.ts'
import { createHandOut, type Handing } from './handOut.ts'
import type { WorkHints } from './hints.ts'
import { createLoop } from './loop.ts'
import { perform, type Performing } from './perform.ts'
import type { JobStore } from './store.ts'
import { createSchedules } from './schedules.ts'
import { watchStore } from './watch.ts'
import { Pace } from './together.ts'
import { Underway } from './underway.ts'
import type { WorkList } from './work.ts'

export interface JobsParts {
  readonly registry: Registry
  readonly database: Database
  readonly invoke: Invoke
  readonly ruledCall: Performing['ruledCall']
  readonly accessOf: AccessOf
  readonly work: WorkList
  readonly hints: WorkHints
  readonly log: Logger
  observe(name: string, code: string, seconds: number): void
}

/** Told what has moved, after it was committed: for live updates, which re-read what they show. */
export interface JobsListener {
  onJobChange(change: JobChange): void
}

export interface JobsSettings extends Handing {
  /** Parcels that this process works on at a time. */
  readonly parcels: number
  /** Milliseconds between two looks where no hint comes. */
  readonly lookEvery: number
  readonly sweepEvery: number
  readonly canaryEvery: number
  readonly scheduleEvery: number
  readonly forgetEvery: number
  /** Seconds of the first wait after a failure at most. */
  readonly firstWait: number
  /** Milliseconds that jobs get to end by themselves when the process stops, before they are handed back. */
  readonly stopWithin: number
}

/** What the bounds in docs/guides/operators.md are made of. */
export const usualSettings: JobsSettings = {
  mostOfCompany: 16,
  parcelSize: 4,
  parcels: 8,
  askAfter: 30,
  lookEvery: 1_000,
  sweepEvery: 10_000,
  canaryEvery: 60_000,
  scheduleEvery: 1_000,
  forgetEvery: 15 * 60_000,
  firstWait: 4,
  stopWithin: 10_000,
}

/** The relay and the workers of this process. */
export interface Jobs {
  listen(listener: JobsListener): void
  /** Begins to move events on and to work; the store is opened as soon as it can be, and again when it has fallen silent. */
  start(open: () => Promise<JobStore>, settings?: Partial<JobsSettings>): void
  /** Looks at once whether there is something to do. */
  look(): void
  /** Why this process cannot do its jobs now, in sentences; empty where it can, or has none to do. */
  reasons(): string[]
  /** Finishes what is in flight, or hands it back. */
  stop(): Promise<void>
}

export function createJobs(parts: JobsParts): Jobs {
  const listeners: JobsListener[] = []
  let running: Running | undefined
  const tell: JobsListener = {
    onJobChange: (change) => listeners.forEach((listener) => listener.onJobChange(change)),
  }
  return {
    listen: (listener) => void listeners.push(listener),
    start: (open, settings = {}) => {
      running = run(parts, tell, open, { ...usualSettings, ...settings })
    },
    look: () => running?.look(),
    reasons: () => running?.reasons() ?? [],
    stop: async () => {
      const begun = running
      running = undefined
      await begun?.stop()
    },
  }
}

type Running = Pick<Jobs, 'look' | 'reasons' | 'stop'>

function run(
  parts: JobsParts,
  tell: JobsListener,
  open: () => Promise<JobStore>,
  settings: JobsSettings,
): Running {
  const { database, log, work, hints } = parts
  const underway = new Underway()
  const performing: Performing = {
    ...parts,
    trying: settings,
    pace: new Pace(),
    onChange: (change) => tell.onJobChange(change),
  }
  const watch = watchStore({
    open,
    parcels: settings.parcels,
    canaryEvery: settings.canaryEvery,
    log,
    run: (parcel) => whileBusy(perform(performing, underway, parcel)),
    onStore: (store) => requireFew(database, store, log),
    onOpen: () => handing.hint(),
  })
  const whileBusy = createGathering(settings.parcels, () => handing.hint())
  const handOut = createHandOut(database, work, watch.store, settings)
  const relay = createRelay(database, work)
  const handing = createLoop('what is to be handed out', handOut.look, settings.lookEvery, log)
  const sweeping = createLoop('what was handed out', handOut.sweep, settings.sweepEvery, log)
  const move = async (): Promise<boolean> => {
    const moved = await relay()
    if (moved > 0) handing.hint()
    return moved > 0
  }
  const relaying = createLoop('the outbox', move, settings.lookEvery, log)
  const asking = createSchedules(database, work)
  const scheduling = createLoop(
    'the schedules',
    () => asking().finally(() => handing.hint()),
    settings.scheduleEvery,
    log,
  )
  const forgetting = createLoop('old work', () => forgetOld(database), settings.forgetEvery, log)
  // What was asked for need not wait until it is known whether something has happened too.
  const look = (): void => {
    relaying.hint()
    handing.hint()
  }
  const leave = hints.take({ onWork: look, onCancel: (id) => underway.cancel(id) })
  relaying.hint()
  scheduling.hint()
  return {
    look,
    reasons: () => watch.reasons(),
    stop: async () => {
      leave()
      const loops = [relaying, handing, sweeping, scheduling, forgetting]
      await Promise.all(loops.map((loop) => loop.stop()))
      const timer = setTimeout(() => underway.stopAll(), settings.stopWithin)
      await watch.close()
      clearTimeout(timer)
    },
  }
}

/** Milliseconds in which the ends of parcels are gathered while there are others to be at. */
const gatheredMs = 10

/**
 * Tells of the end of each parcel, because more may be handed out then; where at least half of the places are taken, of
 * several at once.
 */
function createGathering(parcels: number, tell: () => void): (parcel: Promise<void>) => Promise<void> {
  let underway = 0
  let timer: NodeJS.Timeout | undefined
  const tellSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      tell()
    }, gatheredMs)
  }
  return async (parcel) => {
    underway++
    await parcel.finally(() => (--underway * 2 < parcels ? tell() : tellSoon()))
  }
}

/** Says how many connections there can be, and refuses to work where that is more than a server is told to expect. */
function requireFew({ connections }: Database, store: JobStore, log: Logger): void {
  const all = connections + store.connections
  log.info({ store: store.name, connections: all, most: mostConnections }, 'jobs are worked on')
  if (all > mostConnections)
    throw new Error(`A process would open ${all} connections, of at most ${mostConnections}.`)
}

const mostForgotten = 1_000

async function forgetOld(database: Database): Promise<boolean> {
  const [row] = await database.platformStatement<{ gone: number }>(
    sql`SELECT platform.forget_old_work(${mostForgotten}::integer) AS gone`,
  )
  return row !== undefined && row.gone >= mostForgotten
}
