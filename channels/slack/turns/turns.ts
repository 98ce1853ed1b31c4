import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Body } from '../inbox/envelope.ts'
import type { Workspace } from '../install/workspace.ts'
import { createOrder } from '../outbox/order.ts'
import type { SlackParts } from '../parts.ts'
import type { Person } from '../people/person.ts'
import { hear } from './hear.ts'
import type { AnswerRooms } from './rooms.ts'
import type { Run } from './converse.ts'
import { runQuestion } from './run.ts'
import { stopInThread } from './stop.ts'
import type { Spot } from './kept.ts'
import { leaseSeconds } from './questions.ts'
import { createThreadStore } from './store.ts'

/** From what is said in Slack to answers. What is heard is kept before it is worked on, so each of these ends soon. */
export interface Turns {
  /** A message was written, changed or taken back, by whom the gate says. */
  hear(workspace: Workspace, person: Person | undefined, event: Body): Promise<void>
  /** Somebody pressed Stop in a thread. */
  stop(workspace: Workspace, person: Person, channel: string, root: string): Promise<void>
  /** Resolves when this process answers nothing any more. */
  settled(): Promise<void>
  /** Leaves what it answers to other processes. */
  close(): Promise<void>
}

/** Milliseconds between two looks for questions whose process is gone. */
const lookEvery = 5_000
const mostClaimed = 50
/** Milliseconds that answers get to be broken off. */
const patience = 3_000

export function createTurns(parts: SlackParts, rooms: AnswerRooms): Turns {
  const { core, endings } = parts
  const store = createThreadStore(core.database, randomUUID())
  const runs = new Map<string, Run>()
  const room = { parts, rooms, store, running: (spot: Spot) => runs.get(keyOf(spot)) }
  const inOrder = createOrder()
  let isClosed = false

  /** The thread's questions one after the other; what one comes to is nobody else's trouble. */
  function start(spot: Spot, root: string): void {
    if (isClosed || runs.has(keyOf(spot))) return
    const { promise: done, resolve } = Promise.withResolvers<void>()
    const run: Run = { spot, done, abort: new AbortController() }
    runs.set(keyOf(spot), run)
    const work = (): Promise<void> => runQuestion(room, run)
    void inOrder(`${spot.workspace.id} ${spot.channel} ${root}`, work)
      .catch((error: unknown) => core.log.error({ err: error }, 'a question in Slack was left unanswered'))
      .finally(() => {
        runs.delete(keyOf(spot))
        resolve()
      })
  }

  const look = async (): Promise<void> => {
    if (runs.size > 0) await store.keepLeases()
    for (const { channel, ts, ...workspace } of await store.claim(mostClaimed)) {
      const spot = { workspace, channel, ts }
      const kept = await store.read(spot)
      if (kept) start(spot, kept.root)
    }
  }
  const failing =
    (what: string) =>
    (error: unknown): void =>
      core.log.error({ err: error }, `questions in Slack ${what}`)
  const looking = (): void => void look().catch(failing('could not be looked for'))
  const timer = setInterval(looking, Math.min(lookEvery, (leaseSeconds * 1000) / 4))
  looking()
  endings.follow((id, tenant) => {
    for (const { spot, abort } of runs.values()) if (spot.workspace.id === id) abort.abort('left')
    void store.stopAll(tenant, id).catch(failing('of a workspace that has ended could not be closed'))
  })

  const settled = async (): Promise<void> => {
    while (runs.size > 0) await Promise.all([...runs.values()].map(({ done }) => done))
  }
  return {
    hear: (workspace, person, event) => hear({ ...room, start }, workspace, person, event),
    stop: (workspace, person, channel, root) =>
      stopInThread(room, { workspace, channel, thread: root, isDirect: channel.startsWith('D') }, person),
    settled,
    close: async () => {
      isClosed = true
      clearInterval(timer)
      for (const { abort } of runs.values()) abort.abort('left')
      // What still waits for its turn at Slack has its rows: another process goes on with it.
      await Promise.race([settled(), pause(patience, undefined, { ref: false })])
    },
  }
}

const keyOf = ({ workspace, channel, ts }: Spot): string => `${workspace.id} ${channel} ${ts}`
