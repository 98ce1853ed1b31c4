import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listActivities } from '../activities/operations.ts'
import { createCompany } from '../companies/write.ts'
import { createContact } from '../contacts/write.ts'
import { createPipeline, deletePipeline, getPipeline, listPipelines } from '../pipelines/write.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { dealHistory } from './history.ts'
import { loseDeal, moveDeal, reopenDeal, winDeal } from './move.ts'
import { getDeal, listDeals } from './read.ts'
import { createDeal, deleteDeal, updateDeal, largestAmount } from './write.ts'

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

test('an amount is kept to the øre, and weighted by the deal’s own probability', async () => {
  const { id } = await world.call(createDeal, { title: 'Beløb' })
  const amounts = fc.integer({ min: 0, max: largestAmount })
  await fc.assert(
    fc.asyncProperty(amounts, fc.integer({ min: 0, max: 100 }), async (amount, probability) => {
      const deal = await world.call(updateDeal, { id, amount, probability })
      expect(deal.amount).toBe(amount)
      expect(deal.weightedAmount).toBe(Number((BigInt(amount) * BigInt(probability)) / 100n))
    }),
    { numRuns: 30 },
  )
})

test('an amount is no larger than what a sum of many can carry exactly', async () => {
  const amount = largestAmount
  const deals = Array.from({ length: 3 }, (_, n) => world.call(createDeal, { title: `Bro ${n}`, amount }))
  const kept = await Promise.all(deals)
  expect(kept.map((deal) => deal.amount)).toEqual([amount, amount, amount])
  expect(900 * amount).toBeLessThan(Number.MAX_SAFE_INTEGER)
  const larger = world.call(createDeal, { title: 'Endnu en bro', amount: amount + 1 })
  await expect(larger).rejects.toMatchObject({ code: 'invalid_input' })
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

test('a deal is moved into another pipeline, and its stages are then of that one', async () => {
  const tenant = crypto.randomUUID()
  const { id, pipelineId } = await world.call(createDeal, { title: 'Skifter spor' }, tenant)
  const stages = [
    { key: 'asked', name: 'Spurgt', probability: 20 },
    { key: 'won', name: 'Hjemme', probability: 100, kind: 'won' as const },
  ]
  const other = await world.call(createPipeline, { name: 'Udbud', stages }, tenant)
  const moved = await world.call(moveDeal, { id, stage: 'spurgt', pipelineId: other.id }, tenant)
  expect(moved).toMatchObject({ pipelineName: 'Udbud', stageName: 'Spurgt', previousStageName: 'Ny' })
  expect(await world.call(winDeal, { id }, tenant)).toMatchObject({ stageName: 'Hjemme' })
  const back = world.call(moveDeal, { id, stage: 'forhandling' }, tenant)
  await expect(back).rejects.toMatchObject({ code: 'crm_unknown_stage' })
  const nowhere = world.call(moveDeal, { id, stage: 'ny', pipelineId: crypto.randomUUID() }, tenant)
  await expect(nowhere).rejects.toMatchObject({ code: 'not_found' })
  await expect(world.call(deletePipeline, { id: other.id }, tenant)).rejects.toMatchObject({
    code: 'crm_pipeline_in_use',
    details: { name: 'Udbud', deals: 1 },
  })
  await world.call(moveDeal, { id, stage: 'ny', pipelineId }, tenant)
  const standard = (await world.call(getPipeline, { id: pipelineId }, tenant)).standard
  expect(standard).toBe(true)
})
