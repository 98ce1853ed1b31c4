import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCompany } from '../companies/write.ts'
import { listTasks } from '../tasks/operations.ts'
import { scheduleCall } from '../tasks/call.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { danishDay, isWorkingDay } from '../values/workingTime.ts'
import { adoptContact, recogniseContact } from './adopt.ts'
import { getContact } from './read.ts'
import { createContact } from './write.ts'

let world: CrmWorld
beforeAll(async () => {
  world = await crmWorld()
})
afterAll(() => world.close())

const lead = {
  name: 'Bente Skov',
  email: 'bente@havneby.example',
  phone: '+4520123456',
  companyName: 'Havneby Tandklinik ApS',
}

test('a stranger becomes a contact of a new company, and the event names the lead', async () => {
  const tenant = randomUUID()
  const leadId = randomUUID()
  const { contact, company } = await world.call(adoptContact, { ...lead, leadId }, tenant)
  expect([contact.outcome, company?.outcome]).toEqual(['created', 'created'])
  expect(await world.call(getContact, { id: contact.id }, tenant)).toMatchObject({
    name: 'Bente Skov',
    companyName: 'Havneby Tandklinik ApS',
    emails: [{ address: 'bente@havneby.example' }],
    phones: [{ number: '+4520123456' }],
  })
  const { rows } = await world.admin.query<{ payload: object }>(
    `SELECT payload FROM platform.outbox WHERE tenant_id = $1 AND type = 'crm.contacts.adopted'`,
    [tenant],
  )
  expect(rows.map(({ payload }) => payload)).toMatchObject([
    { id: contact.id, leadId, companyId: company!.id },
  ])
})

test('whoever has the address is the person, whatever they call themselves', async () => {
  const tenant = randomUUID()
  const { id } = await world.call(createContact, { name: 'B. S.', emails: [{ address: lead.email }] }, tenant)
  const { contact } = await world.call(adoptContact, { ...lead, leadId: randomUUID() }, tenant)
  expect(contact).toMatchObject({ id, outcome: 'matched' })
})

test('whoever has the number is the person, where the name is much the same', async () => {
  const tenant = randomUUID()
  const phones = [{ number: lead.phone }]
  const { id } = await world.call(createContact, { name: 'Bente Skou', phones }, tenant)
  const asked = { ...lead, email: null }
  expect(await world.call(recogniseContact, asked, tenant)).toMatchObject({
    contact: { id, outcome: 'matched' },
  })
  const other = await world.call(recogniseContact, { ...asked, name: 'Hans Høj' }, tenant)
  expect(other.contact).toBeNull()
})

test('a company is known by its name without its form, and by the domain of an address that only it has', async () => {
  const tenant = randomUUID()
  const { id } = await world.call(
    createCompany,
    { name: 'Havneby Tandklinik', domain: 'havneby.example' },
    tenant,
  )
  const byName = await world.call(recogniseContact, { ...lead, email: null }, tenant)
  const byDomain = await world.call(recogniseContact, { ...lead, companyName: 'Klinikken' }, tenant)
  for (const { company } of [byName, byDomain]) expect(company).toMatchObject({ id, outcome: 'matched' })
  const atHome = await world.call(recogniseContact, { name: 'Bente', email: 'bente@gmail.com' }, tenant)
  expect(atHome).toEqual({ contact: null, company: null })
})

test('one lead that is told of twice, or two of one address at once, are one contact', async () => {
  const tenant = randomUUID()
  const adopted = await Promise.all(
    [1, 2, 3].map(() => world.call(adoptContact, { ...lead, leadId: randomUUID() }, tenant)),
  )
  expect(new Set(adopted.map(({ contact }) => contact.id)).size).toBe(1)
  expect(new Set(adopted.map(({ company }) => company?.id)).size).toBe(1)
})

test('a call is scheduled on a working day, in both languages', async () => {
  const tenant = randomUUID()
  const { id: contactId } = await world.call(createContact, { name: 'Bente Skov' }, tenant)
  const task = await world.call(scheduleCall, { contactId }, tenant, { locale: 'da' })
  expect(task).toMatchObject({ title: 'Ring til Bente Skov', contactId, done: false })
  expect(isWorkingDay(task.dueOn!)).toBe(true)
  expect(danishDay(new Date(task.dueAt!))).toBe(task.dueOn)
  expect(await world.call(scheduleCall, { contactId }, tenant)).toMatchObject({ title: 'Call Bente Skov' })
  expect((await world.call(listTasks, { contactId }, tenant)).items).toHaveLength(2)
})
