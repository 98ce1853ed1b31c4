import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, bring } from '../testing/mill/mill.ts'
import { jobsWorld, type JobsWorld } from './testWorld.ts'

let world: JobsWorld
beforeAll(async () => {
  world = await jobsWorld()
  world.start()
})
afterAll(() => world.close())

describe('What follows on an event', () => {
  test('is done once, as its company, in the right of the plugin that follows', async () => {
    const [ours, theirs] = [world.newCompany(), world.newCompany()]
    const sack = randomUUID()
    await ours.run(bring, { sack, times: 1 })
    const [delivery] = await ours.settled()
    expect(delivery).toMatchObject({ name: 'mill.flour.grindGrain', status: 'done', attempts: 1 })
    expect(await ours.flour()).toMatchObject([{ sack, number: 1, actor: 'nobody' }])
    expect(await theirs.flour()).toEqual([])
  })

  test('comes in the order of its subject', async () => {
    const company = world.newCompany()
    const sacks = [randomUUID(), randomUUID(), randomUUID()]
    await Promise.all(sacks.map((sack) => company.run(bring, { sack, times: 8 })))
    await company.settled()
    const flour = await company.flour()
    for (const sack of sacks)
      expect(flour.filter((row) => row.sack === sack).map(({ number }) => number)).toEqual([
        1, 2, 3, 4, 5, 6, 7, 8,
      ])
  })
})

test('What follows in a part that is switched off is not begun; what had been waiting goes on when it is switched on', async () => {
  const company = world.newCompany()
  await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Test')`, [company.id])
  await company.run(ask, { sack: 'late', number: 1, after: 300 })
  await world.admin.query(`INSERT INTO platform.domains_off (tenant_id, domain) VALUES ($1, 'mill')`, [
    company.id,
  ])
  await company.run(bring, { sack: randomUUID(), times: 1 })
  await expect.poll(() => company.isRelayed(), { interval: 20 }).toBe(true)
  await expect.poll(async () => (await company.jobs())[0]!.run_at < new Date(), { interval: 20 }).toBe(true)
  // Another company's job, asked for later, shows that the hand-out has come by.
  const other = world.newCompany()
  await other.run(ask, { sack: 'now', number: 1 })
  await other.settled()
  expect(await company.jobs()).toMatchObject([{ name: 'mill.flour.grindLater', status: 'waiting' }])
  await world.admin.query(`DELETE FROM platform.domains_off WHERE tenant_id = $1`, [company.id])
  await company.settled()
  expect(await company.flour()).toMatchObject([{ sack: 'late' }])
})
