import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from '../testing/mill/mill.ts'
import { priorities } from './job.ts'
import { jobsWorld, type Company, type JobsWorld } from './testWorld.ts'

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
