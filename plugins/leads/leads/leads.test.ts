import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { domainWorld, type DomainWorld } from '#core/testing'
import { crm } from '#plugins/crm'
import { leads } from '#plugins/leads'
import { createScoringRule } from '../scoring/operations.ts'
import { createSource, listSources } from '../sources/operations.ts'
import { leadHistory } from './history.ts'
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

test('a lead that is deleted takes its history, points and consents with it', async () => {
  const { id } = await world.call(createLead, { name: 'Slettes' })
  await world.call(deleteLead, { id })
  const { rows } = await world.admin.query('SELECT 1 FROM leads.history WHERE lead_id = $1', [id])
  expect(rows).toEqual([])
})
