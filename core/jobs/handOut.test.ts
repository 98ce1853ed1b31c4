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
  const [one, other] = [world.newCompany(), world.newCompany()]
  // The next minute, which gives out three more, is far enough.
  await expect.poll(() => new Date().getSeconds(), { interval: 20 }).toBeLessThan(45)
  const begun = async ({ jobs }: Company) => (await jobs()).filter(({ status }) => status === 'done').length
  await one.run(ask, { sack: 'a', number: 1, times: 2, rationed: true, priority: 'last' })
  await one.run(ask, { sack: 'b', number: 1, times: 3, rationed: true, priority: 'first' })
  await other.run(ask, { sack: 'c', number: 1, times: 2, rationed: true })
  await other.settled()
  await expect.poll(() => begun(one), { interval: 20 }).toBe(3)
  // A job that is asked for later and is done shows that the hand-out has come by.
  await one.run(ask, { sack: 'free', number: 1 })
  await expect.poll(() => begun(one), { interval: 20 }).toBe(4)
  await world.admin.query(
    `UPDATE platform.job_pace SET minute = minute - interval '1 minute' WHERE tenant_id = $1`,
    [one.id],
  )
  await one.settled()
  expect(await begun(one)).toBe(6)
})

test.each([
  ['first', 'usual'],
  ['usual', 'last'],
] as const)(
  'What is to come %s is begun before those to come %s, asked for first or not',
  async (early, late) => {
    const company = world.newCompany()
    const switchOff = 'INSERT INTO platform.domains_off (tenant_id, domain) VALUES ($1, $2)'
    const switchOn = 'DELETE FROM platform.domains_off WHERE tenant_id = $1 AND domain = $2'
    await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Test')`, [
      company.id,
    ])
    await world.admin.query(switchOff, [company.id, 'mill'])
    for (const priority of [late, early])
      await company.run(ask, { sack: priority, number: 1, times: 16, priority })
    await world.admin.query(switchOn, [company.id, 'mill'])
    const begun = (await company.settled()).toSorted(
      (a, b) => a.started_at.getTime() - b.started_at.getTime(),
    )
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
