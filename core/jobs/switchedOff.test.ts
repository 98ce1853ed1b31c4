import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, askForBread } from '../testing/mill/mill.ts'
import { jobsWorld, type Company, type JobsWorld } from './testWorld.ts'

let world: JobsWorld
beforeAll(async () => {
  world = await jobsWorld()
  world.start()
})
afterAll(() => world.close())

const turn = ({ run }: Company, on: boolean) =>
  run(world.core.registry.find('platform.plugins.update')!, { id: 'mill', on })

/** Another company's job, asked for later, shows that the workers have come by. */
async function workersHaveComeBy(): Promise<void> {
  const other = world.newCompany()
  await other.run(ask, { sack: 'now', number: 1 })
  await other.settled()
}

test('Long work of a part that is switched off ends the piece it is at, waits, and goes on where it stopped', async () => {
  const company = world.newCompany()
  await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Test')`, [company.id])
  await company.run(askForBread, { sack: 'bread', loaves: 100_000 })
  await expect.poll(async () => (await company.flour()).length, { interval: 5 }).toBeGreaterThan(2)
  await turn(company, false)

  await expect.poll(async () => (await company.jobs())[0]?.status, { interval: 20 }).toBe('waiting')
  await workersHaveComeBy()
  const baked = (await company.flour()).length
  await workersHaveComeBy()
  expect(await company.flour()).toHaveLength(baked)
  expect(await company.jobs()).toMatchObject([{ status: 'waiting', piece: baked }])

  const loaves = baked + 10
  await world.admin.query(
    `UPDATE platform.jobs SET input = input || jsonb_build_object('last', $2::int) WHERE tenant_id = $1`,
    [company.id, loaves],
  )
  await turn(company, true)
  expect(await company.settled()).toMatchObject([{ status: 'done' }])
  expect((await company.flour()).map(({ number }) => number)).toEqual(
    Array.from({ length: loaves }, (_, place) => place + 1),
  )
})
