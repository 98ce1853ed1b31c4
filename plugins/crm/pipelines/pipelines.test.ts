import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivity } from '../activities/operations.ts'
import { loseDeal, moveDeal, winDeal } from '../deals/move.ts'
import { getDeal } from '../deals/read.ts'
import { listStaleDeals } from '../deals/stale.ts'
import { createDeal } from '../deals/write.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { pipelineOverview } from './overview.ts'
import { createPipeline, deletePipeline, getPipeline, listPipelines, updatePipeline } from './write.ts'

let world: CrmWorld
beforeAll(async () => {
  world = await crmWorld()
})
afterAll(() => world.close())

test('a stage can be renamed while deals stand in it, but not taken out', async () => {
  const stages = [
    { key: 'first', name: 'Først', probability: 20 },
    { key: 'last', name: 'Sidst', probability: 100, kind: 'won' as const },
  ]
  const pipeline = await world.call(createPipeline, { name: 'Udbud', stages })
  const { id } = await world.call(createDeal, { title: 'I udbud', pipelineId: pipeline.id })
  const renamed = stages.map((stage) => ({ ...stage, name: `${stage.name}!` }))
  await world.call(updatePipeline, { id: pipeline.id, stages: renamed })
  expect(await world.call(getDeal, { id })).toMatchObject({ stageName: 'Først!' })
  const without = [{ key: 'other', name: 'Anden', probability: 5 }, stages[1]!]
  await expect(world.call(updatePipeline, { id: pipeline.id, stages: without })).rejects.toMatchObject({
    code: 'conflict',
  })
})

test('another pipeline becomes the one of deals that name none, and an empty one can be deleted', async () => {
  const tenant = crypto.randomUUID()
  const { pipelineId: first } = await world.call(createDeal, { title: 'Først' }, tenant)
  const second = await world.call(createPipeline, { name: 'Ny standard' }, tenant)
  for (const _ of ['once', 'again'])
    await world.call(updatePipeline, { id: second.id, standard: true }, tenant)
  expect(await world.call(getPipeline, { id: first }, tenant)).toMatchObject({ standard: false })
  expect(await world.call(createDeal, { title: 'Næste' }, tenant)).toMatchObject({ pipelineId: second.id })
  const third = await world.call(createPipeline, { name: 'Tom' }, tenant)
  expect(await world.call(deletePipeline, { id: third.id }, tenant)).toEqual({ id: third.id, name: 'Tom' })
})

test('the overview sums what is open, tells conversion by stage and what stands still', async () => {
  const tenant = crypto.randomUUID()
  const titles = ['A', 'B', 'C', 'D']
  const made = []
  for (const title of titles) made.push(await world.call(createDeal, { title, amount: 100_000 }, tenant))
  for (const { id } of made.slice(0, 3)) await world.call(moveDeal, { id, stage: 'kontaktet' }, tenant)
  await world.call(winDeal, { id: made[0]!.id }, tenant)
  await world.call(loseDeal, { id: made[1]!.id, lostReason: 'Pris' }, tenant)
  await world.admin.query(`UPDATE crm.deals SET stage_since = now() - interval '40 days' WHERE id = $1`, [
    made[3]!.id,
  ])
  const { items, open, stale } = await world.call(pipelineOverview, {}, tenant)
  expect(open).toEqual([{ currency: 'DKK', deals: 2, amount: 200_000, weightedAmount: 35_000 }])
  const byStage = new Map(items.map((stage) => [stage.stageName, stage]))
  expect(byStage.get('Ny')).toMatchObject({ deals: 1, entered: 4, conversion: 75, averageDays: 0 })
  expect(byStage.get('Kontaktet')).toMatchObject({ deals: 1, entered: 3, conversion: 33 })
  expect(byStage.get('Vundet')).toMatchObject({ deals: 1, conversion: null })
  expect(stale.map(({ title }) => title)).toEqual(['D'])
})

test('two stages of one key are refused, whether the pipeline is new or not', async () => {
  const stages = ['Ja', 'Nej'].map((name) => ({ key: 'same', name, probability: 50 }))
  await expect(world.call(createPipeline, { name: 'Dobbelt', stages })).rejects.toMatchObject({
    code: 'already_exists',
  })
  const { id } = await world.call(createPipeline, { name: 'Enkelt' })
  await expect(world.call(updatePipeline, { id, stages })).rejects.toMatchObject({ code: 'already_exists' })
})

test('a pipeline that does not exist is not found, and none is made in its place', async () => {
  const tenant = crypto.randomUUID()
  const unknown = { title: 'Ingen', pipelineId: crypto.randomUUID() }
  await expect(world.call(createDeal, unknown, tenant)).rejects.toMatchObject({ code: 'not_found' })
  expect((await world.call(listPipelines, {}, tenant)).items).toEqual([])
})

test('a deal stands still when it was neither moved nor talked about', async () => {
  const tenant = crypto.randomUUID()
  const made = []
  for (const title of ['Glemt', 'Ringet om', 'Vundet'])
    made.push(await world.call(createDeal, { title }, tenant))
  const [, talked, won] = made
  await world.admin.query(
    `UPDATE crm.deals SET stage_since = now() - interval '40 days' WHERE tenant_id = $1`,
    [tenant],
  )
  await world.call(createActivity, { kind: 'call', subject: 'Ringede', dealId: talked!.id }, tenant)
  await world.call(winDeal, { id: won!.id }, tenant)
  const { items } = await world.call(listStaleDeals, {}, tenant)
  expect(items).toMatchObject([{ title: 'Glemt', daysStill: 40, stageName: 'Ny' }])
  expect((await world.call(pipelineOverview, {}, tenant)).stale).toEqual(items)
  expect((await world.call(listStaleDeals, { days: 60 }, tenant)).items).toEqual([])
})
