import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { AnyOperation, InputOf, OutputOf } from '#core'
import { twoTenants, type TwoTenants } from '#core/testing'
import { crm } from '#plugins/crm'
import { moveDeal } from './deals/move.ts'
import { listStaleDeals } from './deals/stale.ts'
import { createDeal } from './deals/write.ts'
import { pipelineOverview } from './pipelines/overview.ts'
import { createTask } from './tasks/operations.ts'

let world: TwoTenants

beforeAll(async () => {
  world = await twoTenants([{ ...crm, demo: async () => undefined }])
})
afterAll(() => world.close())

const call = async <O extends AnyOperation>(operation: O, input: InputOf<O>): Promise<OutputOf<O>> =>
  (await world.core.invoke(operation, input, world.nordlys.caller)).value
const choose = (id: string, value: unknown) =>
  call(world.core.registry.find('platform.settings.update') as AnyOperation, { id, value })

test('a new deal is in the currency that the company has chosen, unless another is said', async () => {
  expect((await call(createDeal, { title: 'Kontor' })).currency).toBe('DKK')
  await choose('crm.currency', 'EUR')
  expect((await call(createDeal, { title: 'Lager' })).currency).toBe('EUR')
  expect((await call(createDeal, { title: 'Butik', currency: 'SEK' })).currency).toBe('SEK')
  const { items } = await call(pipelineOverview, {})
  expect(items.filter(({ deals }) => deals === 0).map(({ currency }) => currency)).toContain('EUR')
})

test('a deal stands still after the days that the company has chosen', async () => {
  const { id } = await call(createDeal, { title: 'Trappevask' })
  await world.admin.query(`UPDATE crm.deals SET stage_since = now() - interval '9 days' WHERE id = $1`, [id])
  const still = async () => (await call(listStaleDeals, {})).items.map(({ title }) => title)
  const inOverview = async () => (await call(pipelineOverview, {})).stale.map(({ title }) => title)
  expect(await still()).not.toContain('Trappevask')
  await choose('crm.staleAfterDays', 7)
  expect(await call(listStaleDeals, {})).toMatchObject({ days: 7, items: [{ title: 'Trappevask' }] })
  expect(await inOverview()).toEqual(['Trappevask'])
  expect((await call(listStaleDeals, { days: 30 })).items).toEqual([])
})

test('a task without a day is due as soon as the company has chosen, and one with a day on its own', async () => {
  expect((await call(createTask, { title: 'Ring' })).dueOn).toBeNull()
  await choose('crm.tasksDueInDays', 3)
  // Half past midnight in Copenhagen, when it is still the day before elsewhere.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-06-30T22:30:00Z') })
  onTestFinished(() => void vi.useRealTimers())
  expect((await call(createTask, { title: 'Ring' })).dueOn).toBe('2026-07-04')
  expect((await call(createTask, { title: 'Ring', dueOn: '2099-01-01' })).dueOn).toBe('2099-01-01')
  expect((await call(createTask, { title: 'Ring', dueOn: null })).dueOn).toBeNull()
})

test('a deal is lost without a reason until the company wants to hear one', async () => {
  const [first, second] = [await call(createDeal, { title: 'A' }), await call(createDeal, { title: 'B' })]
  expect((await call(moveDeal, { id: first.id, stage: 'tabt' })).status).toBe('lost')
  await choose('crm.lostReasonRequired', true)
  await expect(call(moveDeal, { id: second.id, stage: 'tabt' })).rejects.toMatchObject({
    code: 'crm_reason_missing',
  })
  const reason = { lostReason: 'Valgte en anden' }
  expect((await call(moveDeal, { id: second.id, stage: 'tabt', ...reason })).lostReason).toBe(
    'Valgte en anden',
  )
})
