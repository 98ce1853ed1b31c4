import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { domainWorld, type DomainWorld } from '#core/testing'
import { crm } from '#plugins/crm'
import { leads } from '#plugins/leads'
import { applyScoringRules, createScoringRule, updateScoringRule } from '../scoring/operations.ts'
import { leadScore } from '../scoring/score.ts'
import { createSource, listSources } from '../sources/operations.ts'
import { convertLead, previewConversion } from './convert.ts'
import { leadHistory } from './history.ts'
import { linkLead } from './link.ts'
import { disqualifyLead, moveLead, qualifyLead } from './move.ts'
import { getLead, listLeads } from './read.ts'
import { createLead, deleteLead, updateLead } from './write.ts'

let world: DomainWorld
beforeAll(async () => {
  world = await domainWorld([crm, leads])
})
afterAll(() => world.close())

const bente = { name: 'Bente Skov', email: 'Bente@Havneby.example', companyName: 'Havneby Tandklinik' }

async function eventsOf(tenant: string): Promise<string[]> {
  const { rows } = await world.admin.query<{ type: string }>(
    'SELECT type FROM platform.outbox WHERE tenant_id = $1 ORDER BY id',
    [tenant],
  )
  return rows.map(({ type }) => type)
}

test('a lead is new, and its making is told', async () => {
  const tenant = randomUUID()
  const lead = await world.call(createLead, { ...bente, phone: '20 12 34 56' }, tenant)
  expect(lead).toMatchObject({
    status: 'new',
    outcome: 'created',
    email: 'bente@havneby.example',
    phone: '+4520123456',
    score: 0,
  })
  expect(await eventsOf(tenant)).toEqual(['leads.leads.created'])
  const { items } = await world.call(leadHistory, { id: lead.id }, tenant)
  expect(items).toMatchObject([{ kind: 'created', actorName: 'Anna', details: { name: 'Bente Skov' } }])
})

test('the same address again joins the lead, fills in what was unknown, and stands in its history', async () => {
  const tenant = randomUUID()
  const first = await world.call(createLead, bente, tenant)
  const again = {
    name: 'B. Skov',
    email: 'bente@havneby.example',
    phone: '20123456',
    message: 'Hører I mig?',
  }
  const second = await world.call(createLead, again, tenant)
  expect(second).toMatchObject({
    id: first.id,
    outcome: 'joined',
    name: 'Bente Skov',
    phone: '+4520123456',
    captures: 2,
  })
  const { items } = await world.call(leadHistory, { id: first.id }, tenant)
  expect(items[0]).toMatchObject({ kind: 'captured', details: { message: 'Hører I mig?' } })
  expect(await eventsOf(tenant)).toEqual(['leads.leads.created', 'leads.leads.captured'])
})

test('the same address at once is one lead', async () => {
  const tenant = randomUUID()
  const made = await Promise.all(Array.from({ length: 5 }, () => world.call(createLead, bente, tenant)))
  expect(new Set(made.map(({ id }) => id)).size).toBe(1)
  expect(await world.call(getLead, { id: made[0]!.id }, tenant)).toMatchObject({ captures: 5 })
})

test('the same address after some months is a new lead', async () => {
  const tenant = randomUUID()
  const first = await world.call(createLead, bente, tenant)
  await world.admin.query(
    `UPDATE leads.leads SET last_captured_at = now() - interval '91 days' WHERE id = $1`,
    [first.id],
  )
  expect(await world.call(createLead, bente, tenant)).toMatchObject({ outcome: 'created' })
})

test('a status moves with its history; a lead is not disqualified without a reason', async () => {
  const tenant = randomUUID()
  const { id } = await world.call(createLead, bente, tenant)
  await world.call(moveLead, { id, status: 'contacted' }, tenant)
  await world.call(qualifyLead, { id, reason: 'Skal bruge os hver dag' }, tenant)
  const unreasoned = world.call(moveLead, { id, status: 'disqualified' }, tenant)
  await expect(unreasoned).rejects.toMatchObject({ code: 'leads_reason_needed' })
  const out = await world.call(disqualifyLead, { id, reason: 'Valgte en anden' }, tenant)
  expect(out).toMatchObject({ status: 'disqualified', statusReason: 'Valgte en anden' })
  const { items } = await world.call(leadHistory, { id }, tenant)
  expect(items.map(({ before, after, reason }) => [before, after, reason])).toEqual([
    ['qualified', 'disqualified', 'Valgte en anden'],
    ['contacted', 'qualified', 'Skal bruge os hver dag'],
    ['new', 'contacted', null],
    [null, null, null],
  ])
})

test('the status that it has already leaves no trace', async () => {
  const { id } = await world.call(createLead, { name: 'Står stille' })
  await world.call(moveLead, { id, status: 'new' })
  expect((await world.call(leadHistory, { id })).items).toHaveLength(1)
})

test('whoever was slower is refused', async () => {
  const { id, version } = await world.call(createLead, { name: 'To om én' })
  await world.call(updateLead, { id, city: 'Odder', version })
  const late = world.call(moveLead, { id, status: 'contacted', version })
  await expect(late).rejects.toMatchObject({ code: 'version_conflict' })
})

test('leads are found by name, company, mail and number, and filtered by status, source and score', async () => {
  const tenant = randomUUID()
  const source = await world.call(createSource, { name: 'Messe', channel: 'event' }, tenant)
  const rule = { name: 'Kan ringes op', field: 'phone', operator: 'isKnown', points: 10 } as const
  await world.call(createScoringRule, rule, tenant)
  const { id } = await world.call(createLead, { ...bente, phone: '20123456', sourceId: source.id }, tenant)
  await world.call(createLead, { name: 'Åse Ørn' }, tenant)
  for (const q of ['bente', 'skov', 'TANDKLINIK', 'havneby.example', '20123456', 'bente havneby'])
    expect((await world.call(listLeads, { q }, tenant)).items, q).toMatchObject([{ id }])
  expect((await world.call(listLeads, { q: 'orn' }, tenant)).items).toMatchObject([{ name: 'Åse Ørn' }])
  expect((await world.call(listLeads, { q: 'ingen' }, tenant)).items).toEqual([])
  for (const filter of [{ sourceId: source.id }, { minScore: 10 }, { status: 'new', minScore: 1 }] as const)
    expect((await world.call(listLeads, filter, tenant)).items).toMatchObject([{ id }])
  expect((await world.call(listLeads, { sort: '-score' }, tenant)).items[0]).toMatchObject({ id, score: 10 })
  expect((await world.call(listSources, {}, tenant)).items).toMatchObject([
    { name: 'Messe', leads: 1, converted: 0 },
  ])
})

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

test('a conversion makes what it showed that it would, and a repeat makes nothing twice', async () => {
  const tenant = randomUUID()
  const { id } = await world.call(createLead, bente, tenant)
  expect(await world.call(previewConversion, { id }, tenant)).toMatchObject({
    contact: { outcome: 'created', name: 'Bente Skov' },
    company: { outcome: 'created', name: 'Havneby Tandklinik' },
    deal: { outcome: 'created', name: 'Havneby Tandklinik' },
  })
  const made = await world.call(convertLead, { id, dealTitle: 'Daglig rengøring', amount: 250_000 }, tenant)
  expect(made).toMatchObject({
    contact: { outcome: 'created' },
    company: { outcome: 'created' },
    deal: { name: 'Daglig rengøring' },
    lead: {
      status: 'converted',
      contactId: made.contact.id,
      companyId: made.company!.id,
      dealId: made.deal!.id,
    },
  })
  const again = await world.call(convertLead, { id }, tenant)
  expect(again).toMatchObject({
    contact: { id: made.contact.id, outcome: 'linked' },
    deal: { id: made.deal!.id },
  })
  for (const kind of ['contacts', 'companies', 'deals']) {
    const { rows } = await world.admin.query(`SELECT 1 FROM crm.${kind} WHERE tenant_id = $1`, [tenant])
    expect(rows, kind).toHaveLength(1)
  }
  const moved = world.call(moveLead, { id, status: 'new' }, tenant)
  await expect(moved).rejects.toMatchObject({ code: 'leads_already_converted' })
})

test('nobody converts a lead into a CRM that they may not write in, or that is switched off', async () => {
  const { id } = await world.call(createLead, { name: 'Uden CRM' })
  const only = new Set(['leads.leads:write', 'leads.leads:read'])
  const forbidden = world.call(convertLead, { id }, world.tenant, { permissions: only })
  await expect(forbidden).rejects.toMatchObject({ code: 'forbidden' })
  const off = world.call(convertLead, { id }, world.tenant, { domains: new Set(['leads']) })
  await expect(off).rejects.toMatchObject({ code: 'not_found' })
  expect(await world.call(getLead, { id })).toMatchObject({ status: 'new', contactId: null })
})

test('a link is written down once, however often it is told', async () => {
  const { id } = await world.call(createLead, { name: 'Knyttet' })
  const contactId = randomUUID()
  for (const _ of [1, 2]) await world.call(linkLead, { id, contactId, companyId: null })
  const { items } = await world.call(leadHistory, { id })
  expect(items.map(({ kind }) => kind)).toEqual(['linked', 'created'])
})

test('a lead that is deleted takes its history, points and consents with it', async () => {
  const { id } = await world.call(createLead, { name: 'Slettes' })
  await world.call(deleteLead, { id })
  const { rows } = await world.admin.query('SELECT 1 FROM leads.history WHERE lead_id = $1', [id])
  expect(rows).toEqual([])
})
