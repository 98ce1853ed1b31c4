import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, askForBread, mill } from '../testing/mill/mill.ts'
import { createHandOut } from './handOut.ts'
import { priorities } from './job.ts'
import { usualSettings } from './jobs.ts'
import type { JobStore, Parcel } from './store.ts'
import { jobsWorld, type Company, type JobsWorld } from './testWorld.ts'
import { listWork } from './work.ts'

let world: JobsWorld
beforeAll(async () => {
  world = await jobsWorld()
  world.start()
})
afterAll(() => world.close())

test('A job is begun no more often in a minute than was said, whatever its priority, and by every company for itself', async () => {
  const [one, begun] = await begunWithinAMinute()
  expect(begun).toBe(3)
  await world.admin.query(
    `UPDATE platform.job_pace SET minute = minute - interval '1 minute' WHERE tenant_id = $1`,
    [one.id],
  )
  expect((await one.settled()).map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'done'))
})

/** A company that asked for five, and how many of them have begun; done again where another minute began, which gives out three more. */
async function begunWithinAMinute(): Promise<[Company, number]> {
  for (;;) {
    const minute = new Date().getMinutes()
    const [one, other] = [world.newCompany(), world.newCompany()]
    await one.run(ask, { sack: 'a', number: 1, times: 2, as: 'rationed', priority: 'last' })
    await one.run(ask, { sack: 'b', number: 1, times: 3, as: 'rationed', priority: 'first' })
    await other.run(ask, { sack: 'c', number: 1, times: 2, as: 'rationed' })
    await other.settled()
    // A job that is asked for later and is done shows that the hand-out has come by.
    await one.run(ask, { sack: 'free', number: 1 })
    await expect.poll(async () => (await one.jobs()).at(-1)!.status, { interval: 20 }).toBe('done')
    const begun = (await one.jobs()).slice(0, -1).filter(({ started_at }) => started_at !== null).length
    if (new Date().getMinutes() === minute) return [one, begun]
  }
}

test.each([
  ['first', 'usual'],
  ['usual', 'last'],
] as const)(
  'What is to come %s is begun before those to come %s, asked for first or not',
  async (early, late) => {
    const company = world.newCompany()
    await company.together(async () => {
      for (const priority of [late, early])
        await company.run(ask, { sack: priority, number: 1, times: 16, priority })
    })
    const begun = (await company.settled()).toSorted((a, b) => Number(a.started_at) - Number(b.started_at))
    expect(begun.map(({ priority }) => priorities[priority])).toEqual([
      ...Array.from({ length: 16 }, () => early),
      ...Array.from({ length: 16 }, () => late),
    ])
  },
)

test('A company has so many jobs with the workers and no more, of one name no more than was said, and parcels of its own', async () => {
  const quiet = await jobsWorld()
  const handed: Parcel[] = []
  const store: JobStore = {
    name: 'PostgreSQL',
    connections: 0,
    hand: async (parcels) => void handed.push(...parcels),
    missing: async () => [],
    work: async () => undefined,
    close: async () => undefined,
  }
  const { look } = createHandOut(quiet.database, listWork([mill]), () => store, usualSettings)
  const [flooding, other] = [quiet.newCompany(), quiet.newCompany()]
  for (let sack = 0; sack < 5; sack++) await flooding.run(askForBread, { sack: 'rye', loaves: 2 })
  await flooding.run(ask, { sack: 'many', number: 1, times: 40 })
  await other.run(ask, { sack: 'few', number: 1, times: 3 })
  const begun = async ({ jobs }: Company, name: string) =>
    (await jobs()).filter((job) => job.status === 'running' && job.name === name).length
  for (let time = 0; time < 3; time++) {
    await look()
    expect(await begun(flooding, 'mill.bread.bakeLater')).toBe(2)
    expect(await begun(flooding, 'mill.flour.grindLater')).toBe(14)
    expect(await begun(other, 'mill.flour.grindLater')).toBe(3)
  }
  const jobsOf = ({ id }: Company) => handed.filter(({ tenant }) => tenant === id).flatMap(({ jobs }) => jobs)
  expect([jobsOf(flooding).length, jobsOf(other).length]).toEqual([16, 3])
  await quiet.admin.query(
    `UPDATE platform.jobs SET status = 'done', ended_at = now()
     WHERE id = (SELECT id FROM platform.jobs WHERE status = 'running' AND name = 'mill.bread.bakeLater' LIMIT 1)`,
  )
  await look()
  expect(await begun(flooding, 'mill.bread.bakeLater')).toBe(2)
  expect(jobsOf(flooding)).toHaveLength(17)
  await quiet.close()
})
