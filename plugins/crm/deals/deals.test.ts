import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivity, listActivities } from '../activities/operations.ts'
import { createCompany } from '../companies/write.ts'
import { createContact } from '../contacts/write.ts'
import { pipelineOverview } from '../pipelines/overview.ts'
import { createPipeline, listPipelines, updatePipeline } from '../pipelines/write.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { dealHistory } from './history.ts'
import { loseDeal, moveDeal, reopenDeal, winDeal } from './move.ts'
import { getDeal, listDeals } from './read.ts'
import { listStaleDeals } from './stale.ts'
import { createDeal, deleteDeal, updateDeal } from './write.ts'

let world: CrmWorld
beforeAll(async () => {
  world = await crmWorld()
})
afterAll(() => world.close())

test('the first deal of a company brings its pipeline, and begins in the first stage', async () => {
  const tenant = crypto.randomUUID()
  expect((await world.call(listPipelines, {}, tenant)).items).toEqual([])
  const deal = await world.call(createDeal, { title: 'Hovedrengøring', amount: 1_250_000 }, tenant)
  expect(deal).toMatchObject({
    stageName: 'Ny',
    status: 'open',
    probability: 10,
    weightedAmount: 125_000,
    currency: 'DKK',
  })
  const [pipeline] = (await world.call(listPipelines, {}, tenant)).items
  expect(pipeline?.stages.map(({ name }) => name)).toEqual([
    'Ny',
    'Kontaktet',
    'Møde holdt',
    'Tilbud sendt',
    'Forhandling',
    'Vundet',
    'Tabt',
  ])
})

test.each([
  ['tilbud sendt', 'Tilbud sendt'],
  ['TILBUD SENDT', 'Tilbud sendt'],
  ['proposal sent', 'Tilbud sendt'],
  ['proposal_sent', 'Tilbud sendt'],
  ['tilbudd sendt', 'Tilbud sendt'],
  ['mode holdt', 'Møde holdt'],
  ['moede', 'Møde holdt'],
  ['forhand', 'Forhandling'],
  ['negotiation', 'Forhandling'],
])('a deal moved to %j stands in %j', async (stage, name) => {
  const { id } = await world.call(createDeal, { title: `Aftale ${stage}` })
  const moved = await world.call(moveDeal, { id, stage })
  expect(moved).toMatchObject({ stageName: name, previousStageName: 'Ny', version: 2 })
  expect(await world.call(getDeal, { id })).toMatchObject({ stageName: name })
})

test('a stage that is not there is refused with those that are', async () => {
  const { id } = await world.call(createDeal, { title: 'Ingen sådan fase' })
  await expect(world.call(moveDeal, { id, stage: 'månen' })).rejects.toMatchObject({
    code: 'crm_unknown_stage',
    details: { stages: expect.stringContaining('Tilbud sendt') },
  })
  expect(await world.call(getDeal, { id })).toMatchObject({ stageName: 'Ny', version: 1 })
})

test('a move leaves its trace: the time in each stage and a line in the timeline', async () => {
  const { id } = await world.call(createDeal, { title: 'Sporet' })
  await world.call(moveDeal, { id, stage: 'kontaktet' })
  await world.call(loseDeal, { id, lostReason: 'For dyrt' })
  expect(await world.call(getDeal, { id })).toMatchObject({
    status: 'lost',
    lostReason: 'For dyrt',
    probability: 0,
  })
  const { items } = await world.call(listActivities, { dealId: id, kind: 'stage' })
  expect(items.map(({ subject, body }) => [subject, body])).toEqual([
    ['Kontaktet → Tabt', 'For dyrt'],
    ['Ny → Kontaktet', null],
  ])
  const { rows } = await world.admin.query(
    `SELECT s.name, h.left_at IS NULL AS present FROM crm.deal_stages h JOIN crm.stages s ON s.id = h.stage_id
     WHERE h.deal_id = $1 ORDER BY h.entered_at`,
    [id],
  )
  expect(rows).toEqual([
    { name: 'Ny', present: false },
    { name: 'Kontaktet', present: false },
    { name: 'Tabt', present: true },
  ])
})

test('a won deal that is moved back is open, and its reason and closing are gone', async () => {
  const { id } = await world.call(createDeal, { title: 'Frem og tilbage' })
  expect(await world.call(winDeal, { id })).toMatchObject({
    status: 'won',
    probability: 100,
    closedAt: expect.any(String),
  })
  expect(await world.call(moveDeal, { id, stage: 'forhandling' })).toMatchObject({
    status: 'open',
    closedAt: null,
  })
})

test('a deal that is opened again stands where it last was open, with its own probability', async () => {
  const { id } = await world.call(createDeal, { title: 'Åbnes igen', probability: 35, amount: 1000 })
  await world.call(moveDeal, { id, stage: 'forhandling' })
  await world.call(loseDeal, { id, lostReason: 'Pris' })
  expect(await world.call(winDeal, { id })).toMatchObject({ probability: 100, weightedAmount: 1000 })
  expect(await world.call(reopenDeal, { id })).toMatchObject({
    stageName: 'Forhandling',
    previousStageName: 'Vundet',
    status: 'open',
    lostReason: null,
    closedAt: null,
    probability: 35,
  })
  expect(await world.call(reopenDeal, { id })).toMatchObject({ stageName: 'Forhandling', outcome: 'stayed' })
})

test('moving to the stage where it stands changes nothing, and leaves no trace', async () => {
  const { id } = await world.call(createDeal, { title: 'Står stille' })
  const stayed = await world.call(moveDeal, { id, stage: 'ny' })
  expect(stayed).toMatchObject({ version: 1, previousStageName: 'Ny', stageName: 'Ny', outcome: 'stayed' })
  expect((await world.call(dealHistory, { id })).items).toHaveLength(1)
  expect((await world.call(listActivities, { dealId: id })).items).toEqual([])
  await world.call(winDeal, { id })
  expect(await world.call(winDeal, { id })).toMatchObject({ version: 2, outcome: 'stayed' })
})

test('a lost deal takes another reason without another step', async () => {
  const { id } = await world.call(createDeal, { title: 'Tabt af en anden grund' })
  await world.call(loseDeal, { id, lostReason: 'Pris' })
  const corrected = await world.call(loseDeal, { id, lostReason: 'Timing' })
  expect(corrected).toMatchObject({ lostReason: 'Timing', outcome: 'stayed', version: 3 })
  expect((await world.call(dealHistory, { id })).items).toHaveLength(2)
})

test('the time in each stage is told, also right after a move', async () => {
  const { id } = await world.call(createDeal, { title: 'Tiden går' })
  await world.admin.query(
    `UPDATE crm.deal_stages SET entered_at = entered_at - interval '60 hours' WHERE deal_id = $1`,
    [id],
  )
  await world.call(moveDeal, { id, stage: 'kontaktet' })
  const moved = await world.call(moveDeal, { id, stage: 'møde' })
  const { items } = await world.call(dealHistory, { id })
  expect(items.map(({ stageName, days, leftAt }) => [stageName, days, leftAt === null])).toEqual([
    ['Møde holdt', 0, true],
    ['Kontaktet', 0, false],
    ['Ny', 2, false],
  ])
  expect(Date.parse(items[0]!.enteredAt)).toBe(Date.parse(moved.stageSince))
  const unknown = world.call(dealHistory, { id: crypto.randomUUID() })
  await expect(unknown).rejects.toMatchObject({ code: 'not_found' })
})

test('a deal with a contact is with the company that they work for', async () => {
  const company = await world.call(createCompany, { name: 'Fjordgården' })
  const { id: contactId } = await world.call(createContact, { name: 'Gerda', companyId: company.id })
  expect(await world.call(createDeal, { title: 'Fast aftale', contactId })).toMatchObject({
    companyName: 'Fjordgården',
  })
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

test('an amount is kept to the øre, and weighted by the deal’s own probability', async () => {
  const { id } = await world.call(createDeal, { title: 'Beløb' })
  const amounts = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
  await fc.assert(
    fc.asyncProperty(amounts, fc.integer({ min: 0, max: 100 }), async (amount, probability) => {
      const deal = await world.call(updateDeal, { id, amount, probability })
      expect(deal.amount).toBe(amount)
      expect(deal.weightedAmount).toBe(Number((BigInt(amount) * BigInt(probability)) / 100n))
    }),
    { numRuns: 30 },
  )
})

test('a deal is found by its company, and filtered by stage', async () => {
  const company = await world.call(createCompany, { name: 'Lystbådehavnen A/S' })
  const { id } = await world.call(createDeal, {
    title: 'Vinduer',
    companyId: company.id,
    stage: 'tilbud sendt',
  })
  expect((await world.call(listDeals, { q: 'lystbaadehavnen' })).items).toMatchObject([{ id }])
  const inStage = await world.call(listDeals, { stage: 'Proposal sent', companyId: company.id })
  expect(inStage.items).toMatchObject([{ id }])
  expect((await world.call(listDeals, { stage: 'tabt', companyId: company.id })).items).toEqual([])
})

test('a deleted deal is gone', async () => {
  const { id } = await world.call(createDeal, { title: 'Væk' })
  expect(await world.call(deleteDeal, { id })).toEqual({ id, title: 'Væk' })
  await expect(world.call(getDeal, { id })).rejects.toMatchObject({ code: 'not_found' })
})

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
