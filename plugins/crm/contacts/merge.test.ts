import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivity, listActivities } from '../activities/operations.ts'
import { mergeCompanies } from '../companies/merge.ts'
import { getCompany } from '../companies/read.ts'
import { createCompany } from '../companies/write.ts'
import { getDeal } from '../deals/read.ts'
import { createDeal } from '../deals/write.ts'
import { createTask, getTask } from '../tasks/operations.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { findDuplicateContacts } from './duplicates.ts'
import { mergeContacts } from './merge.ts'
import { getContact } from './read.ts'
import { createContact, deleteContact } from './write.ts'

let world: CrmWorld
beforeAll(async () => {
  world = await crmWorld()
})
afterAll(() => world.close())

const addresses = fc.uniqueArray(
  fc.constantFrom('a', 'b', 'c', 'd', 'e').map((name) => `${name}@x.example`),
  { maxLength: 4 },
)
const tags = fc.uniqueArray(fc.constantFrom('vip', 'ny', 'Vinduer', 'fast'), { maxLength: 3 })
const person = fc.record({ emails: addresses, tags, title: fc.option(fc.constantFrom('Chef', 'Pedel')) })

test('a merge keeps every address, tag, activity, task and deal, and the note says what differed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(person, { minLength: 2, maxLength: 4 }), async (people) => {
      const tenant = crypto.randomUUID()
      const made = []
      for (const { emails, ...given } of people) {
        const input = {
          name: 'Ida',
          ...given,
          emails: emails.map((address) => ({ address })),
          evenIfDuplicate: true,
        } as const
        made.push(await world.call(createContact, input, tenant))
      }
      const [kept, ...others] = made.map(({ id }) => id)
      const deals = []
      for (const contactId of made.map(({ id }) => id)) {
        deals.push(await world.call(createDeal, { title: 'Salg', contactId }, tenant))
        await world.call(createActivity, { kind: 'call', subject: 'Opkald', contactId }, tenant)
      }
      const task = await world.call(createTask, { title: 'Ring', contactId: others[0]! }, tenant)
      const merged = await world.call(mergeContacts, { id: kept!, others }, tenant)
      expect(new Set(merged.emails.map(({ address }) => address))).toEqual(
        new Set(people.flatMap(({ emails }) => emails)),
      )
      expect(merged.emails.filter(({ primary }) => primary).length).toBe(merged.emails.length > 0 ? 1 : 0)
      expect(new Set(merged.tags)).toEqual(new Set(people.flatMap((one) => one.tags)))
      expect(merged.title).toBe(people.map(({ title }) => title).find((title) => title !== null) ?? null)
      for (const { id } of deals) expect((await world.call(getDeal, { id }, tenant)).contactId).toBe(kept)
      expect((await world.call(getTask, { id: task.id }, tenant)).contactId).toBe(kept)
      const timeline = await world.call(listActivities, { contactId: kept!, limit: 100 }, tenant)
      expect(timeline.items.filter(({ kind }) => kind === 'call')).toHaveLength(people.length)
      expect(timeline.items.filter(({ kind }) => kind === 'note')).toHaveLength(1)
      for (const id of others) {
        await expect(world.call(getContact, { id }, tenant)).rejects.toMatchObject({ code: 'not_found' })
      }
    }),
    { numRuns: 6 },
  )
})

test('a contact is not merged with itself', async () => {
  const { id } = await world.call(createContact, { name: 'Én og samme' })
  const refused = world.call(mergeContacts, { id, others: [id, id] })
  await expect(refused).rejects.toMatchObject({ code: 'invalid_input' })
  expect(await world.call(getContact, { id })).toMatchObject({ version: 1 })
})

test('a merge with a contact that is not there changes nothing', async () => {
  const { id } = await world.call(createContact, { name: 'Hel' })
  const refused = world.call(mergeContacts, { id, others: [crypto.randomUUID()] })
  await expect(refused).rejects.toMatchObject({ code: 'not_found' })
  expect(await world.call(getContact, { id })).toMatchObject({ version: 1 })
})

test('what a merged contact said otherwise goes when the one that was kept is deleted', async () => {
  const company = await world.call(createCompany, { name: 'Glemsom ApS' })
  const kept = await world.call(createContact, { name: 'Ane Dal', companyId: company.id })
  const other = await world.call(createContact, { name: 'Ane Hemmelig', address: 'Skjulestien 4' })
  await world.call(mergeContacts, { id: kept.id, others: [other.id] })
  await world.call(deleteContact, { id: kept.id })
  const { items } = await world.call(listActivities, { companyId: company.id })
  expect(JSON.stringify(items)).not.toMatch(/Hemmelig|Skjulestien/)
})

test('a company that is kept takes over the people and the CVR number of the other', async () => {
  const kept = await world.call(createCompany, { name: 'Fjorden Byg' })
  const other = await world.call(createCompany, { name: 'Fjorden Byg ApS', cvr: '13748136' })
  const worker = await world.call(createContact, { name: 'Bygmester', companyId: other.id })
  const merged = await world.call(mergeCompanies, { id: kept.id, others: [other.id] })
  expect(merged).toMatchObject({ name: 'Fjorden Byg', cvr: '13748136' })
  expect(await world.call(getContact, { id: worker.id })).toMatchObject({ companyId: kept.id })
  await expect(world.call(getCompany, { id: other.id })).rejects.toMatchObject({ code: 'not_found' })
})

test('contacts that are probably the same are found, the others are not', async () => {
  const tenant = crypto.randomUUID()
  const one = { name: 'Søren Friis', emails: [{ address: 'sf@friis.example' }] }
  await world.call(createContact, one, tenant)
  await world.call(createContact, { ...one, name: 'Soren Friis', evenIfDuplicate: true }, tenant)
  await world.call(createContact, { name: 'Helt Anden' }, tenant)
  const { items } = await world.call(findDuplicateContacts, {}, tenant)
  expect(items).toMatchObject([{ name: 'Søren Friis', otherName: 'Soren Friis' }])
  expect(items[0]!.reasons).toContain('email')
})
