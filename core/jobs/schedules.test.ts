import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { companyOf, jobsWorld, type Company, type JobsWorld } from './testWorld.ts'
import { nextTime } from './schedules.ts'

let world: JobsWorld
beforeAll(async () => {
  // At half past three somewhere, a night's work would fall due in the middle of a test.
  await vi.waitUntil(() => new Date().getUTCMinutes() % 30 !== 29, { timeout: 90_000 })
  world = await jobsWorld()
  world.start({ scheduleEvery: 50 })
}, 150_000)
afterAll(() => world.close())

const nightly = 'mill.flour.nightly'

async function founded(settings: object = {}): Promise<Company> {
  const id = randomUUID()
  await world.admin.query(
    `INSERT INTO platform.tenants (tenant_id, name, settings) VALUES ($1, 'Test', $2)`,
    [id, settings],
  )
  return companyOf(world, id)
}

const scheduleOf = async ({ id }: Company) =>
  (
    await world.admin.query<{ next_at: Date; zone: string }>(
      'SELECT * FROM platform.schedules WHERE tenant_id = $1',
      [id],
    )
  ).rows[0]

/** As if so much time had passed. */
const moveBack = ({ id }: Company, by: string) =>
  world.admin.query('UPDATE platform.schedules SET next_at = next_at - $2::interval WHERE tenant_id = $1', [
    id,
    by,
  ])

test('A schedule is in the time zone of each company, and follows it when it changes', async () => {
  const [here, there] = [await founded(), await founded({ timeZone: 'America/New_York' })]
  await expect.poll(() => scheduleOf(here), { interval: 20 }).toMatchObject({ zone: 'Europe/Copenhagen' })
  await expect.poll(() => scheduleOf(there), { interval: 20 }).toMatchObject({ zone: 'America/New_York' })
  const hourIn = (at: Date, zone: string) =>
    at.toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
  expect(hourIn((await scheduleOf(here))!.next_at, 'Europe/Copenhagen')).toBe('03:30')
  expect(hourIn((await scheduleOf(there))!.next_at, 'America/New_York')).toBe('03:30')
  await world.admin.query(
    `UPDATE platform.tenants SET settings = '{"timeZone": "Asia/Tokyo"}' WHERE tenant_id = $1`,
    [here.id],
  )
  await expect.poll(async () => (await scheduleOf(here))!.zone, { interval: 20 }).toBe('Asia/Tokyo')
  expect(await here.jobs()).toEqual([])
})

test('A time that has come is followed once, also when several were missed', async () => {
  const company = await founded()
  await expect.poll(() => scheduleOf(company), { interval: 20 }).toBeDefined()
  await moveBack(company, '9 days')
  await expect
    .poll(() => company.jobs(), { interval: 20 })
    .toMatchObject([{ name: nightly, cause: 'schedule' }])
  await company.settled()
  expect(await company.flour()).toMatchObject([{ sack: 'nightly', actor: 'nobody' }])
  expect((await scheduleOf(company))!.next_at.getTime()).toBeGreaterThan(Date.now())
})

test('Nothing runs by the clock in a part that is switched off', async () => {
  const [off, on] = [await founded(), await founded()]
  await expect.poll(() => scheduleOf(off), { interval: 20 }).toBeDefined()
  await world.admin.query(`INSERT INTO platform.domains_off (tenant_id, domain) VALUES ($1, 'mill')`, [
    off.id,
  ])
  await moveBack(off, '2 days')
  await expect.poll(() => scheduleOf(on), { interval: 20 }).toBeDefined()
  await moveBack(on, '2 days')
  await expect.poll(() => on.jobs(), { interval: 20 }).toHaveLength(1)
  expect(await off.jobs()).toEqual([])
})

test('A time that a day skips, or has twice, is found once', async () => {
  const at = async (text: string) =>
    (await nextTime('30 2 * * *', 'Europe/Copenhagen', new Date(text))).toISOString()
  // Clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on 25 October.
  expect((await at('2026-03-28T12:00:00Z')).slice(0, 10)).toBe('2026-03-29')
  const first = await at('2026-10-24T12:00:00Z')
  expect(first.slice(0, 10)).toBe('2026-10-25')
  expect((await at(first)).slice(0, 10)).toBe('2026-10-26')
})
