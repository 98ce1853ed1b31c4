import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Body } from '../inbox/envelope.ts'
import type { Workspace } from '../install/workspace.ts'
import { createOrder } from '../outbox/order.ts'
import type { SlackParts } from '../parts.ts'
import type { Person } from '../people/person.ts'
import { backfill } from './backfill.ts'
import { isForBot, isOwn, isQuestion, readHeard, type Said } from './event.ts'
import type { AnswerRooms } from './rooms.ts'
import { runQuestion, type Run } from './run.ts'
import { endQuestion, stopAnswering, stopInThread } from './stop.ts'
import { createThreadStore, leaseSeconds, type Spot } from './store.ts'

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

  async function ask(workspace: Workspace, said: Said, employee: string): Promise<void> {
    const thread = await store.enter(workspace, said)
    if (thread.isNew && said.root !== said.ts) await backfill(room, workspace, said)
    const spot = { workspace, channel: said.channel, ts: said.ts }
    if (await store.ask(workspace, said, employee)) start(spot, said.root)
  }

  async function hearSaid(workspace: Workspace, person: Person | undefined, said: Said): Promise<void> {
    const thread = await store.find(workspace, said.channel, said.root)
    const employee = said.isBot ? null : (person?.employee ?? null)
    const takesPart = async () => thread !== undefined || (await answersAll(workspace, said.channel))
    if (employee !== null && (await isQuestion(said, workspace.botUserId, takesPart)))
      await ask(workspace, said, employee)
    else if (thread) await store.keep(workspace, [said])
  }

  const answersAll = async (workspace: Workspace, channel: string): Promise<boolean> =>
    (await rooms.rulesOf(workspace, channel)).answers === 'everything'

  /** Only what may be a question or was heard in a thread is known here; an edit may come before what it changes. */
  async function hearChanged(workspace: Workspace, said: Said): Promise<void> {
    const thread = await store.find(workspace, said.channel, said.root)
    if (!thread && !isForBot(said, workspace.botUserId)) return
    const kept = await store.change(workspace, said)
    if (kept?.state !== 'asked') return
    const spot = { workspace, channel: said.channel, ts: said.ts }
    const isHere = runs.has(keyOf(spot))
    if (!isHere) await store.takeOver(spot)
    await stopAnswering(room, spot, kept, 'changed')
    if (!isHere) start(spot, said.root)
  }

  async function hearRemoved(workspace: Workspace, said: Said): Promise<void> {
    const thread = await store.find(workspace, said.channel, said.root)
    if (!thread && !isForBot(said, workspace.botUserId)) return
    const before = await store.remove(workspace, said)
    const spot = { workspace, channel: said.channel, ts: said.ts }
    if (before?.state === 'asked') await endQuestion(room, spot, before, 'removed')
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
    hear: async (workspace, person, event) => {
      const heard = readHeard(event)
      if (!heard || isOwn(heard.said, workspace)) return
      if (heard.kind === 'said') return hearSaid(workspace, person, heard.said)
      return heard.kind === 'changed'
        ? hearChanged(workspace, heard.said)
        : hearRemoved(workspace, heard.said)
    },
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
