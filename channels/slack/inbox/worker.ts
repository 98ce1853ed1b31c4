import { randomUUID } from 'node:crypto'
import type { Logger } from '#core'
import { leaseSeconds, type Claimed, type InboxStore } from './store.ts'

interface WorkerParts {
  readonly store: InboxStore
  readonly log: Logger
  /** Resolves once what the event says is kept where it belongs; done twice it must do no harm. */
  readonly work: Work
}

/** `failed`: it is given up, because somebody was told so. */
export type Work = (claimed: Claimed) => Promise<void | 'failed'>

export interface InboxWorker {
  /** Under which it claims. */
  readonly id: string
  /** Works on what is claimed for it already. What fails is heard again as any other, by whatever is usually done. */
  begin(claimed: Claimed, work: Work): void
  /** There is something new. */
  poke(): void
  /** Resolves when nothing is left that this process could do now. */
  settled(): Promise<void>
  /** Claims nothing more, and waits for what it has. */
  close(): Promise<void>
}

/** Events that one process works on at once, and those of one workspace among them. */
const mostAtOnce = 40
const share = 30
/** Tries of one event before it is given up, which is logged; seconds before the next one. */
const tries = 5
const waitAfter = (attempts: number): number => 2 ** attempts
/** Milliseconds between two looks for what dead processes left or what waits for its next try. */
const lookEvery = 5_000

/** Works through the inbox: the first of each lane, many lanes at once, each event under a lease. */
export function createInboxWorker({ store, log, work }: WorkerParts): InboxWorker {
  const me = randomUUID()
  const busy = new Map<Promise<void>, Claimed>()
  const state: { isClosed: boolean; isPoked: boolean; claiming: Promise<void> | undefined } = {
    isClosed: false,
    isPoked: false,
    claiming: undefined,
  }

  const poke = (): void => {
    state.isPoked = true
    if (!state.isClosed && !state.claiming && busy.size < mostAtOnce) state.claiming = claimAll()
  }
  /** What it leaves, because there was no room or because its lane waits, is asked for when something that it has is done. */
  async function claimAll(): Promise<void> {
    while (state.isPoked && !state.isClosed && busy.size < mostAtOnce) {
      state.isPoked = false
      const held = [...busy.values()].map(({ workspace }) => workspace.id)
      const room = { held, most: mostAtOnce - busy.size, share }
      const claimed = await store.claim(me, room).catch(failing('could not be claimed'))
      for (const one of claimed ?? []) begin(one, work)
    }
    state.claiming = undefined
  }
  function begin(claimed: Claimed, doWork: Work): void {
    const doing = once(claimed, doWork)
      .catch(failing('could not be ended'))
      .finally(() => {
        busy.delete(doing)
        poke()
      })
    busy.set(doing, claimed)
  }
  async function once(claimed: Claimed, doWork: Work): Promise<void> {
    if (!claimed.connected) return store.finish(me, claimed, 'dropped')
    try {
      return await store.finish(me, claimed, (await doWork(claimed)) ?? 'done')
    } catch (error) {
      log.error({ err: error, event: claimed.id, attempts: claimed.attempts }, 'an event of Slack’s failed')
      if (claimed.attempts < tries) return later(claimed)
      return store.finish(me, claimed, 'failed')
    }
  }
  /** Another process may come first: whoever looks then. */
  async function later(claimed: Claimed): Promise<void> {
    const seconds = waitAfter(claimed.attempts)
    await store.release(me, claimed, seconds)
    setTimeout(poke, seconds * 1000).unref()
  }
  const failing =
    (what: string) =>
    (error: unknown): undefined =>
      void log.error({ err: error }, `events of Slack’s ${what}`)

  const timers = [
    setInterval(poke, lookEvery),
    setInterval(
      () => {
        if (busy.size > 0) void store.keep(me).catch(failing('could not be kept'))
      },
      (leaseSeconds * 1000) / 3,
    ),
  ]
  poke()
  const settled = async (): Promise<void> => {
    while (state.claiming || busy.size > 0) await Promise.allSettled([state.claiming, ...busy.keys()])
  }
  return {
    id: me,
    begin,
    poke,
    settled,
    close: async () => {
      state.isClosed = true
      timers.forEach(clearInterval)
      await settled()
    },
  }
}
