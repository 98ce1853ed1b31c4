import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { domainWorld, type DomainWorld } from '#core/testing'
import { crm } from '#plugins/crm'
import { leads } from '#plugins/leads'
import { applyToAll } from './applyAll.ts'
import { applyScoringRules, createScoringRule, updateScoringRule } from './operations.ts'
import { leadScore } from './score.ts'
import { getLead } from '../leads/read.ts'
import { createLead, updateLead } from '../leads/write.ts'

let world: DomainWorld
beforeAll(async () => {
  world = await domainWorld([crm, leads])
})
afterAll(() => world.close())

const bente = { name: 'Bente Skov', email: 'Bente@Havneby.example', companyName: 'Havneby Tandklinik' }

test('points come with their reasons, and go when they no longer hold', async () => {
  const tenant = randomUUID()
  const chief = {
    name: 'Bestemmer',
    field: 'title',
    operator: 'contains',
    value: 'chef',
    points: 20,
  } as const
  const asks = { name: 'Beder om tilbud', field: 'message', operator: 'contains', value: 'tilbud', points: 5, per: 'capture' } as const // prettier-ignore
  await world.call(createScoringRule, chief, tenant)
  await world.call(createScoringRule, asks, tenant)
  const given = { ...bente, title: 'Klinikchef', message: 'Giv os et tilbud' }
  const { id } = await world.call(createLead, given, tenant)
  await world.call(createLead, { ...given, message: 'Hører I mig?' }, tenant)
  await world.call(createLead, { ...given, message: 'Et TILBUD, tak' }, tenant)
  await world.call(updateLead, { id, title: 'Assistent' }, tenant)
  const { score, items } = await world.call(leadScore, { id }, tenant)
  expect(items.map(({ points, reason }) => [points, reason])).toEqual([
    [-20, 'Bestemmer (no longer so)'],
    [5, 'Beder om tilbud'],
    [5, 'Beder om tilbud'],
    [20, 'Bestemmer'],
  ])
  expect(score).toBe(10)
})

test('a rule that is changed reaches all leads when the rules are applied', async () => {
  const tenant = randomUUID()
  const rule = await world.call(createScoringRule, { name: 'Kendt', field: 'email', operator: 'isKnown', points: 7 }, tenant) // prettier-ignore
  const { id } = await world.call(createLead, bente, tenant)
  await world.call(updateScoringRule, { id: rule.id, points: 9 }, tenant)
  expect(await world.call(applyScoringRules, {}, tenant)).toEqual({ scored: 1, next: null })
  expect(await world.call(applyScoringRules, {}, tenant)).toEqual({ scored: 1, next: null })
  const { score, items } = await world.call(leadScore, { id }, tenant)
  expect([score, items.map(({ points }) => points)]).toEqual([9, [2, 7]])
})

test('whoever has all leads scored while that goes on has them scored once more, after it', async () => {
  const tenant = randomUUID()
  for (const _ of [1, 2]) await world.call(applyToAll, {}, tenant)
  const { rows } = await world.admin.query('SELECT name, subject FROM platform.jobs WHERE tenant_id = $1', [
    tenant,
  ])
  const asked = { name: 'leads.scoringRules.applyAll', subject: 'all' }
  expect(rows).toEqual([asked, asked])
})

test('the score is the sum of the ledger, whatever happens with the lead and however often it is told', async () => {
  const tenant = randomUUID()
  const rules = [
    { name: 'a', field: 'phone', operator: 'isKnown', points: 10 },
    { name: 'b', field: 'city', operator: 'is', value: 'Odder', points: -3 },
    { name: 'c', field: 'message', operator: 'contains', value: 'tilbud', points: 4, per: 'capture' },
  ] as const
  for (const rule of rules) await world.call(createScoringRule, rule, tenant)
  const { id } = await world.call(createLead, bente, tenant)
  const step = fc.oneof(
    fc.record({ city: fc.constantFrom('Odder', 'Aarhus', null) }),
    fc.record({ phone: fc.constantFrom('20123456', null) }),
    fc.record({ message: fc.constantFrom('tilbud', 'hej') }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
      const changes = steps.map((change) =>
        'message' in change
          ? world.call(createLead, { ...bente, ...change }, tenant)
          : world.call(updateLead, { id, ...change }, tenant),
      )
      await Promise.all(changes)
      const { score, items } = await world.call(leadScore, { id }, tenant)
      expect(score).toBe(items.reduce((sum, { points }) => sum + points, 0))
      const lead = await world.call(getLead, { id }, tenant)
      const held = (lead.phone ? 10 : 0) + (lead.city === 'Odder' ? -3 : 0)
      const ofLead = items.filter(({ reason }) => !reason.startsWith('c'))
      expect(ofLead.reduce((sum, { points }) => sum + points, 0)).toBe(held)
    }),
    { numRuns: 15 },
  )
})

test('an event gives the points of a rule once, and neither points nor history are ever changed', async () => {
  const tenant = randomUUID()
  await world.call(createScoringRule, { name: 'a', field: 'email', operator: 'isKnown', points: 1 }, tenant)
  const { id } = await world.call(createLead, bente, tenant)
  const again = world.admin.query(
    `INSERT INTO leads.points SELECT tenant_id, gen_random_uuid(), lead_id, rule_id, event_id, points, reason, at
     FROM leads.points WHERE lead_id = $1`,
    [id],
  )
  await expect(again).rejects.toMatchObject({ constraint: 'points_once' })
  for (const table of ['points', 'history']) {
    const { rows } = await world.admin.query<{ may: boolean }>(
      `SELECT has_table_privilege('tekup_app', 'leads.${table}', 'UPDATE, DELETE') AS may`,
    )
    expect(rows).toEqual([{ may: false }])
  }
})
