import { afterAll, beforeAll, expect, test } from 'vitest'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { findDuplicateCompanies } from './duplicates.ts'
import { getCompany, listCompanies } from './read.ts'
import { createCompany, updateCompany } from './write.ts'

let world: CrmWorld
beforeAll(async () => {
  world = await crmWorld()
})
afterAll(() => world.close())

test('a company of a known name is refused naming it, however it is spelled, unless one insists', async () => {
  const tenant = crypto.randomUUID()
  const { id } = await world.call(createCompany, { name: 'Ærø Bådeværft ApS', city: 'Marstal' }, tenant)
  const again = { name: 'ÆRØ BÅDEVÆRFT APS' }
  await expect(world.call(createCompany, again, tenant)).rejects.toMatchObject({
    code: 'crm_duplicate',
    details: { name: 'Ærø Bådeværft ApS', duplicates: [{ id, name: 'Ærø Bådeværft ApS', city: 'Marstal' }] },
  })
  const made = await world.call(createCompany, { ...again, evenIfDuplicate: true }, tenant)
  expect(made.possibleDuplicates).toMatchObject([{ id }])
  expect((await world.call(listCompanies, {}, tenant)).items).toHaveLength(2)
})

test.each([
  ['another form', { name: 'Fjordens Murere' }],
  ['a slip', { name: 'Fjordens Murrere A/S' }],
  ['another spelling', { name: 'Fjordéns  MURERE a/s', evenIfDuplicate: true as const }],
  ['the same domain and phone', { name: 'FM', domain: 'murere.example', phone: '20123456' }],
])('a company that is alike by %s is made, and told', async (_, wanted) => {
  const tenant = crypto.randomUUID()
  const known = { name: 'Fjordens Murere A/S', domain: 'murere.example', phone: '20123456' }
  const { id } = await world.call(createCompany, known, tenant)
  const made = await world.call(createCompany, wanted, tenant)
  expect(made.possibleDuplicates).toMatchObject([{ id, name: 'Fjordens Murere A/S' }])
})

test('a company that is alike but has another CVR number is another company', async () => {
  const tenant = crypto.randomUUID()
  await world.call(createCompany, { name: 'Fjordens Murere A/S', cvr: '13748136' }, tenant)
  const made = await world.call(createCompany, { name: 'Fjordens Murere ApS', cvr: '24256790' }, tenant)
  expect(made.possibleDuplicates).toEqual([])
})

test('a CVR number that is taken is refused naming whose it is, on creation and on change', async () => {
  const tenant = crypto.randomUUID()
  const { id } = await world.call(createCompany, { name: 'Nordlys Rengøring', cvr: '13748136' }, tenant)
  const taken = {
    code: 'crm_duplicate',
    details: { name: 'Nordlys Rengøring', why: 'CVR 13748136', duplicates: [{ id }] },
  }
  const other = { name: 'Noget helt andet', cvr: 'DK 13 74 81 36', evenIfDuplicate: true as const }
  await expect(world.call(createCompany, other, tenant)).rejects.toMatchObject(taken)
  const second = await world.call(createCompany, { name: 'Noget helt andet' }, tenant)
  const change = world.call(updateCompany, { id: second.id, cvr: '13748136' }, tenant)
  await expect(change).rejects.toMatchObject(taken)
  expect(await world.call(getCompany, { id: second.id }, tenant)).toMatchObject({ cvr: null, version: 1 })
  expect(await world.call(updateCompany, { id, cvr: '13748136' }, tenant)).toMatchObject({ version: 2 })
})

test('companies that are probably the same are found, and of those that share a domain only these', async () => {
  const tenant = crypto.randomUUID()
  const add = (name: string, domain?: string) =>
    world.call(createCompany, { name, ...(domain && { domain }), evenIfDuplicate: true }, tenant)
  await add('Havneby Tandklinik')
  await add('Havneby Tandklinik ApS')
  await add('Søren Sørensen VVS A/S')
  await add('Soeren Soerensen VVS')
  for (let member = 0; member < 30; member++) await add(`Forening ${100 + member}`, 'paraply.example')
  const { items } = await world.call(findDuplicateCompanies, {}, tenant)
  expect(items.map(({ name, otherName }) => [name, otherName].toSorted())).toEqual([
    ['Havneby Tandklinik', 'Havneby Tandklinik ApS'],
    ['Soeren Soerensen VVS', 'Søren Sørensen VVS A/S'],
  ])
})
