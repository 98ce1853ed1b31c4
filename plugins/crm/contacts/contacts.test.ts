import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivity, deleteActivity, listActivities, updateActivity } from '../activities/operations.ts'
import { getCompany } from '../companies/read.ts'
import { createCompany, updateCompany } from '../companies/write.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { getContact, listContacts } from './read.ts'
import { createContact, deleteContact, updateContact } from './write.ts'

let world: CrmWorld
beforeAll(async () => {
  world = await crmWorld()
})
afterAll(() => world.close())

const uniqueAddress = (): string => `p${crypto.randomUUID()}@kunde.example`

test('a contact is shown by create, get and list alike, its reach in stored form', async () => {
  const company = await world.call(createCompany, { name: 'Strandby Optik ApS' })
  const made = await world.call(createContact, {
    name: '  Inge   Bæk ',
    companyId: company.id,
    emails: [
      { address: 'Inge@Strandby.example', label: 'arbejde' },
      { address: 'privat@strandby.example', primary: true },
    ],
    phones: [{ number: '20 12 34 56' }],
    tags: ['Nøglekunde', 'optik'],
  })
  expect(made).toMatchObject({
    name: 'Inge Bæk',
    label: 'Inge Bæk (Strandby Optik ApS)',
    companyName: 'Strandby Optik ApS',
    emails: [
      { address: 'privat@strandby.example', label: null, primary: true },
      { address: 'inge@strandby.example', label: 'arbejde', primary: false },
    ],
    phones: [{ number: '+4520123456', label: null, primary: true }],
    tags: ['Nøglekunde', 'optik'],
    possibleDuplicates: [],
    version: 1,
  })
  const { possibleDuplicates: _, ...contact } = made
  expect(await world.call(getContact, { id: made.id })).toEqual(contact)
  expect((await world.call(listContacts, { companyId: company.id })).items).toEqual([contact])
})

test('an update changes what it names and nothing else, and answers the new version', async () => {
  const { id } = await world.call(createContact, { name: 'Ole Toft', title: 'Pedel', tags: ['a', 'b'] })
  const changed = await world.call(updateContact, { id, title: null, tags: ['B', 'c'], version: 1 })
  expect(changed).toMatchObject({ name: 'Ole Toft', title: null, tags: ['b', 'c'], version: 2 })
  expect(await world.call(getContact, { id })).toEqual(changed)
})

test('an update from an old version is refused, and one of somebody unknown is not found', async () => {
  const { id } = await world.call(createContact, { name: 'Eva Krogh' })
  await world.call(updateContact, { id, title: 'Leder', version: 1 })
  await expect(world.call(updateContact, { id, title: 'Chef', version: 1 })).rejects.toMatchObject({
    code: 'version_conflict',
  })
  const nobody = crypto.randomUUID()
  await expect(world.call(updateContact, { id: nobody, title: 'x', version: 1 })).rejects.toMatchObject({
    code: 'not_found',
  })
  expect(await world.call(getContact, { id })).toMatchObject({ title: 'Leder', version: 2 })
})

test('another tenant’s company is answered as one that does not exist', async () => {
  const company = await world.call(createCompany, { name: 'Fremmed A/S' }, crypto.randomUUID())
  const refusals = await Promise.all(
    [company.id, crypto.randomUUID()].map((companyId) =>
      world.call(createContact, { name: 'Udenfor', companyId }).catch((error: unknown) => error),
    ),
  )
  expect(refusals[0]).toMatchObject({ code: 'not_found', details: {} })
  expect(refusals[1]).toMatchObject({ code: 'not_found', details: {} })
})

test('an owner must be a colleague', async () => {
  await expect(
    world.call(createContact, { name: 'Uden ejer', ownerId: crypto.randomUUID() }),
  ).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('an email that somebody has is refused naming them, and nothing is stored', async () => {
  const address = uniqueAddress()
  const first = await world.call(createContact, { name: 'Karen Dahl', emails: [{ address }] })
  const again = { name: 'K. Dahl', emails: [{ address: address.toUpperCase() }] }
  await expect(world.call(createContact, again)).rejects.toMatchObject({
    code: 'crm_duplicate',
    details: {
      name: 'Karen Dahl',
      why: address,
      duplicates: [{ id: first.id, name: 'Karen Dahl', companyName: null }],
    },
  })
  expect((await world.call(listContacts, { q: address })).items).toHaveLength(1)
  await world.call(createContact, { ...again, evenIfDuplicate: true })
  expect((await world.call(listContacts, { q: address })).items).toHaveLength(2)
})

test('much the same name is no refusal, but told', async () => {
  const first = await world.call(createContact, { name: 'Søren Winther Aagaard' })
  const second = await world.call(createContact, { name: 'Soeren Winther Ågaard' })
  expect(second.possibleDuplicates).toEqual([
    { id: first.id, name: 'Søren Winther Aagaard', companyName: null },
  ])
})

test('a name that is one slip away is told too', async () => {
  const tenant = crypto.randomUUID()
  const { id } = await world.call(createContact, { name: 'Kirstine Bregendahl' }, tenant)
  const slipped = await world.call(createContact, { name: 'Kirstine Bregnedahl' }, tenant)
  expect(slipped.possibleDuplicates).toMatchObject([{ id }])
})

test('a deleted contact is gone with what was noted about them alone', async () => {
  const { id } = await world.call(createContact, { name: 'Glemt Person' })
  await world.call(createActivity, { kind: 'note', subject: 'Vil slettes', contactId: id })
  expect(await world.call(deleteContact, { id })).toEqual({ id, name: 'Glemt Person' })
  await expect(world.call(getContact, { id })).rejects.toMatchObject({ code: 'not_found' })
  expect((await world.call(listActivities, { q: 'Vil slettes' })).items).toEqual([])
})

test('an edit that was open while a call was logged is not refused, and the call is seen', async () => {
  const company = await world.call(createCompany, { name: 'Rolige Dage ApS' })
  const { id, version } = await world.call(createContact, { name: 'Else Ravn', companyId: company.id })
  const at = '2026-05-04T09:00:00Z'
  await world.call(createActivity, { kind: 'call', subject: 'Ringede', contactId: id, at })
  const changed = await world.call(updateContact, { id, title: 'Leder', version })
  expect(changed).toMatchObject({ title: 'Leder', version: 2 })
  expect(Date.parse(changed.lastContactAt!)).toBe(Date.parse(at))
  expect(await world.call(getCompany, { id: company.id })).toMatchObject({
    version: 1,
    updatedAt: company.updatedAt,
    lastContactAt: changed.lastContactAt,
  })
})

test('the last contact follows what is logged, also when that is changed or deleted', async () => {
  const { id: companyId } = await world.call(createCompany, { name: 'Genregnet ApS' })
  const { id } = await world.call(createContact, { name: 'Tove Steen', companyId })
  const log = (kind: 'call' | 'note', at: string) =>
    world.call(createActivity, { kind, subject: 'Talt', contactId: id, at })
  const last = async () => {
    const of = [await world.call(getContact, { id }), await world.call(getCompany, { id: companyId })]
    return of.map(({ lastContactAt }) => lastContactAt && new Date(lastContactAt).toISOString().slice(0, 10))
  }
  await log('call', '2026-01-01T09:00:00Z')
  await log('note', '2026-03-01T09:00:00Z')
  const mistaken = await log('call', '2026-02-02T09:00:00Z')
  expect(await last()).toEqual(['2026-02-02', '2026-02-02'])
  await world.call(updateActivity, { id: mistaken.id, at: '2025-12-12T09:00:00Z' })
  expect(await last()).toEqual(['2026-01-01', '2026-01-01'])
  await world.call(updateActivity, { id: mistaken.id, at: '2026-04-04T09:00:00Z' })
  await world.call(deleteActivity, { id: mistaken.id })
  expect(await last()).toEqual(['2026-01-01', '2026-01-01'])
})

test('tags are given and taken one by one, and the others stay', async () => {
  const { id } = await world.call(createContact, { name: 'Mærket Person', tags: ['vip', 'kunde'] })
  const changed = await world.call(updateContact, {
    id,
    addTags: ['Ny', 'VIP'],
    removeTags: ['KUNDE', 'aldrig'],
  })
  expect(changed).toMatchObject({ tags: ['Ny', 'vip'], version: 2 })
  const company = await world.call(createCompany, { name: 'Mærket Firma', tags: ['a', 'b'] })
  expect(await world.call(updateCompany, { id: company.id, removeTags: ['a'] })).toMatchObject({
    tags: ['b'],
  })
})

test('every column of a contact and a company moves its version, but for when they were last talked with', async () => {
  const { rows } = await world.admin.query(`
    SELECT t.tgrelid::regclass::text AS "table", array_agg(a.attname::text) FILTER (WHERE a.attnum <> ALL (t.tgattr)) AS left_out
    FROM pg_trigger t JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum > 0 AND a.attgenerated = ''
    WHERE t.tgname = 'touch' AND t.tgrelid::regclass::text IN ('crm.contacts', 'crm.companies') GROUP BY 1 ORDER BY 1`)
  expect(rows).toEqual([
    { table: 'crm.companies', left_out: ['last_contact_at'] },
    { table: 'crm.contacts', left_out: ['last_contact_at'] },
  ])
})

test('pages follow each other without gap or repetition, in Danish order', async () => {
  const tenant = crypto.randomUUID()
  for (const name of ['Åse', 'Anna', 'Ørsted', 'Zenia', 'Ærø', 'Bo'])
    await world.call(createContact, { name }, tenant)
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page = await world.call(listContacts, { limit: 2, sort: 'name', ...(cursor && { cursor }) }, tenant)
    names.push(...page.items.map(({ name }) => name))
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  expect(names).toEqual(['Anna', 'Bo', 'Zenia', 'Ærø', 'Ørsted', 'Åse'])
})
