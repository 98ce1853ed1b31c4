import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../observability/log.ts'
import type { JobStore, Parcel } from './store.ts'

export interface Watch {
  /** The store, once it is open. */
  store(): JobStore | undefined
  reasons(): string[]
  close(): Promise<void>
}

interface Watching {
  readonly open: () => Promise<JobStore>
  readonly parcels: number
  /** Milliseconds between two parcels that hold nothing, and come through all the same where the queue moves. */
  readonly canaryEvery: number
  readonly log: Logger
  run(parcel: Parcel): Promise<void>
  /** It is open, and not yet worked on: throws where it may not be. */
  onStore(store: JobStore): void
  onOpen(): void
}

/** The tenant of a parcel that only shows that parcels come through. */
const nobody = ''
const retryMs = 1_000

/**
 * Opens the store, has it worked on, and sends a canary through it now and then. Where one has not come through by the
 * time of the next, the store is opened anew: a worker that sleeps does not wake by itself.
 */
export function watchStore(watching: Watching): Watch {
  const { log, canaryEvery } = watching
  const closing = new AbortController()
  let store: JobStore | undefined
  let sent: string | undefined
  let trouble: string | undefined
  let opening = openUntilClosed()

  async function openUntilClosed(): Promise<void> {
    while (!closing.signal.aborted && !store) {
      store = await openStore(watching).catch(complain)
      if (!store) await sleep(retryMs, undefined, { signal: closing.signal }).catch(() => undefined)
    }
    trouble = undefined
    watching.onOpen()
  }
  function complain(error: unknown): undefined {
    trouble = 'The queue of jobs does not answer.'
    log.warn({ err: error }, 'the queue of jobs does not answer; trying again')
  }
  async function look(): Promise<void> {
    if (store && sent !== undefined && (await store.missing([sent])).length === 0) return openAnew(store)
    trouble = undefined
    sent = randomUUID()
    await store?.hand([{ id: sent, tenant: nobody, jobs: [], priority: 0 }])
  }
  function openAnew(silent: JobStore): void {
    log.error({ store: silent.name }, 'the queue of jobs stands still, and is opened anew')
    trouble = 'The queue of jobs stands still.'
    store = sent = undefined
    void silent.close().catch(() => undefined)
    opening = openUntilClosed()
  }
  const timer = setInterval(() => void look().catch(complain), canaryEvery)
  timer.unref()
  return {
    store: () => store,
    reasons: () => (trouble === undefined ? [] : [trouble]),
    close: async () => {
      clearInterval(timer)
      closing.abort()
      await opening
      await store?.close()
    },
  }
}

async function openStore({ open, parcels, run, onStore }: Watching): Promise<JobStore> {
  const store = await open()
  try {
    onStore(store)
    await store.work(async (parcel) => {
      if (parcel.tenant !== nobody) await run(parcel)
    }, parcels)
    return store
  } catch (error) {
    void store.close().catch(() => undefined)
    throw error
  }
}
