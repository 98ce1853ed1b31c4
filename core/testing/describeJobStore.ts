import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Timing } from '../jobs/bullmqStore.ts'
import type { JobStore, Parcel } from '../jobs/store.ts'

export interface JobStoreWorld {
  /** The store as another process has it, on this queue. */
  open(queue: string, timing: Timing): Promise<JobStore>
  /** How a process of its own opens the same. */
  readonly address: { readonly store: JobStore['name']; readonly url: string }
  close(): Promise<void>
}

/** Usual: a worker that is slow is not taken for one that is gone. Quick: one that is gone is found out within a test. */
const usual: Timing = { lock: 30_000, stalled: 5_000 }
const quick: Timing = { lock: 1_500, stalled: 1_000 }
const patiently = { interval: 20 }
const worker = fileURLToPath(new URL('../jobs/store.fixture.ts', import.meta.url))

/** What the engine of jobs expects of a queue, whatever it keeps its parcels in. */
export function describeJobStore(name: string, openWorld: () => Promise<JobStoreWorld>): void {
  describe(`the queue of jobs in ${name}`, () => {
    let world: JobStoreWorld
    let queue: string
    const opened: JobStore[] = []
    const open = async (timing = usual): Promise<JobStore> => {
      const store = await world.open(queue, timing)
      opened.push(store)
      return store
    }
    /** A store that is worked on, and what its workers have been given so far. */
    const working = async (atOnce = 4, timing = usual) => {
      const given: Parcel[] = []
      const store = await open(timing)
      store.work(async (parcel) => void given.push(parcel), atOnce)
      return { store, given }
    }

    beforeAll(async () => {
      world = await openWorld()
    })
    beforeEach(() => {
      queue = `test-${randomUUID()}`
    })
    afterAll(async () => {
      for (const store of opened) await store.close().catch(() => undefined)
      await world.close()
    })

    test('gives each parcel to one worker, as it was handed in', async () => {
      const [one, other] = [await working(), await working()]
      const parcels = Array.from({ length: 40 }, () => parcelOf())
      await one.store.hand(parcels)
      const all = () => [...one.given, ...other.given].toSorted(byId)
      await expect.poll(() => all().length, patiently).toBe(40)
      expect(all()).toEqual(parcels.toSorted(byId))
    })

    test('keeps parcels for workers that come later, and gives out first what is urgent', async () => {
      const early = await open()
      await early.hand([parcelOf({ priority: 2 }), parcelOf({ priority: 1 }), parcelOf({ priority: 0 })])
      await early.close()
      const { given } = await working(1)
      await expect.poll(() => given.map(({ priority }) => priority), patiently).toEqual([0, 1, 2])
    })

    test('knows which parcels it has, and which are done or were never there', async () => {
      const [waiting, unknown] = [parcelOf(), parcelOf()]
      const store = await open()
      await store.hand([waiting])
      expect(await store.missing([waiting.id, unknown.id])).toEqual([unknown.id])
      const { given } = await working()
      await expect.poll(() => given.length, patiently).toBe(1)
      await expect.poll(() => store.missing([waiting.id]), patiently).toEqual([waiting.id])
    })

    test('gives out no more at a time than was said', async () => {
      const store = await open()
      const begun: (() => void)[] = []
      let most = 0
      let now = 0
      store.work(async () => {
        most = Math.max(most, ++now)
        await new Promise<void>((resolve) => begun.push(resolve))
        now--
      }, 2)
      await store.hand(Array.from({ length: 6 }, () => parcelOf()))
      for (let left = 6; left > 0; left--) {
        await expect.poll(() => begun.length, patiently).toBe(Math.min(2, left))
        begun.shift()!()
      }
      expect(most).toBe(2)
    })

    test('lets what has begun come to its end before it closes', async () => {
      const store = await open()
      let end: (() => void) | undefined
      let ended = false
      store.work(async () => {
        await new Promise<void>((resolve) => (end = resolve))
        ended = true
      }, 1)
      await store.hand([parcelOf()])
      await expect.poll(() => end, patiently).toBeDefined()
      const closing = store.close()
      end!()
      await closing
      expect(ended).toBe(true)
    })

    test('gives a parcel out again whose worker was killed', async () => {
      const store = await open()
      const process_ = spawn(process.execPath, [
        worker,
        JSON.stringify({ ...world.address, queue, timing: quick }),
      ])
      const parcel = parcelOf()
      await store.hand([parcel])
      const [said] = (await once(process_.stdout, 'data')) as [Buffer]
      expect(String(said)).toBe(`taken ${parcel.id}\n`)
      process_.kill('SIGKILL')
      const { given } = await working(4, quick)
      await expect.poll(() => given.map(({ id }) => id), patiently).toEqual([parcel.id])
    })
  })
}

const parcelOf = (change: Partial<Parcel> = {}): Parcel => ({
  id: randomUUID(),
  tenant: randomUUID(),
  jobs: [randomUUID(), randomUUID()],
  priority: 0,
  ...change,
})

const byId = (a: Parcel, b: Parcel): number => a.id.localeCompare(b.id)
