import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { domainWorld, type DomainWorld } from '#core/testing'
import { crm } from '#plugins/crm'
import { leads } from '#plugins/leads'
import { convertLead, previewConversion } from './convert.ts'
import { leadHistory } from './history.ts'
import { linkLead } from './link.ts'
import { moveLead } from './move.ts'
import { getLead } from './read.ts'
import { createLead } from './write.ts'

let world: DomainWorld
beforeAll(async () => {
  world = await domainWorld([crm, leads])
})
afterAll(() => world.close())

const bente = { name: 'Bente Skov', email: 'Bente@Havneby.example', companyName: 'Havneby Tandklinik' }

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
