import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cableTo } from '../testing/cable.ts'
import { ask, bring } from '../testing/mill/mill.ts'
import { end, spawnWorker } from './faults.fixture.ts'
import { openPostgresStore } from './postgresStore.ts'
import type { JobStore, Parcel } from './store.ts'
import { companyOf, jobsWorld, log, type JobsWorld } from './testWorld.ts'

let world: JobsWorld
beforeAll(async () => {
  world = await jobsWorld(async ({ adminUrl }) =>
    deliveringTenTimes(await openPostgresStore({ adminUrl, log })),
  )
})
afterAll(() => world.close())

/** A queue that gives each parcel out ten times at once, and old ones again in any order. */
function deliveringTenTimes(store: JobStore): JobStore {
  const delivered: Parcel[] = []
  return {
    ...store,
    work: (run, atOnce) =>
      store.work(async (parcel) => {
        delivered.push(parcel)
        const old = Array.from({ length: 5 }, () => delivered[Math.floor(Math.random() * delivered.length)]!)
        await Promise.all([...Array.from({ length: 10 }, () => parcel), ...old].map(run))
      }, atOnce),
  }
}

/** Moments at which a job is with a worker, and how each is seen from outside. */
const moments = {
  'before it was read': `SELECT FROM platform.jobs WHERE tenant_id = $1 AND status = 'running'`,
  'in the middle of it': `SELECT $1::text FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'
    AND state_change < clock_timestamp() - interval '500 milliseconds'`,
}

test.each(Object.entries(moments))(
  'A try that the database broke off %s does not count',
  async (_, isSeen) => {
    const company = world.newCompany()
    await company.run(ask, { sack: 'a', number: 1, how: 'slowly', as: 'rationed' })
    // As if the clock had asked for it: the people of tests are unknown to another process.
    await world.admin.query('UPDATE platform.jobs SET person_id = NULL WHERE tenant_id = $1', [company.id])
    const cable = await cableTo(world.runtimeUrl)
    const worker = await spawnWorker(world, { runtimeUrl: cable.url })
    try {
      const seen = async () => (await world.admin.query(isSeen, [company.id])).rowCount
      await expect.poll(seen, { interval: 5 }).toBeGreaterThan(0)
      await cable.refuse()
      // Its end falls into this time, and nobody can note it.
      await sleep(4_000)
      await cable.mend()
      expect(await company.settled()).toMatchObject([
        { status: 'done', attempts: 1, code: null, reason: null },
      ])
      expect(await company.flour()).toHaveLength(1)
    } finally {
      await end(worker, 'SIGKILL')
      await cable.close()
    }
  },
)

test('What follows is done once and in order though each parcel is delivered ten times, and in any order', async () => {
  const company = companyOf(world, randomUUID())
  world.start()
  const sacks = [randomUUID(), randomUUID(), randomUUID()]
  await Promise.all(sacks.map((sack) => company.run(bring, { sack, times: 4 })))
  await company.settled()
  const flour = await company.flour()
  for (const sack of sacks)
    expect(flour.filter((row) => row.sack === sack).map(({ number }) => number)).toEqual([1, 2, 3, 4])
})
