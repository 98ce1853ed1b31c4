import { afterAll, beforeAll, expect, test } from 'vitest'
import { listCompanies } from '../companies/read.ts'
import { exportContacts } from '../contacts/export.ts'
import { mergeContacts } from '../contacts/merge.ts'
import { listContacts } from '../contacts/read.ts'
import { createContact } from '../contacts/write.ts'
import { importing } from '../testing/importing.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { updateImport } from './operations.ts'
import { previewImport } from './preview.ts'

let world: CrmWorld
let imports: ReturnType<typeof importing>
beforeAll(async () => {
  world = await crmWorld()
  imports = importing(world)
})
afterAll(() => world.close())

const list = 'Navn;E-mail;Telefon;Firma;Stilling;Mærkater;Noter\r\n'
const hubspot = 'Record ID,First Name,Last Name,Email,Job Title,Create Date\r\n'

test('a row with a known id of its program changes that contact, though its name and email are new', async () => {
  const tenant = crypto.randomUUID()
  await imports.importAll(
    `${hubspot}51,Sofie,Lund,sofie@havneby.example,Klinikchef,2026-03-04\r\n`,
    'a.csv',
    tenant,
  )
  const again = await imports.importAll(
    `${hubspot}51,Sofie,Holm,sofie@holm.example,,2026-03-04\r\n`,
    'b.csv',
    tenant,
  )
  expect(again).toMatchObject({ idSource: 'hubspot', created: 0, updated: 1 })
  const [contact] = (await world.call(listContacts, { externalId: 'hubspot:51' }, tenant)).items
  expect(contact).toMatchObject({ name: 'Sofie Holm', title: 'Klinikchef' })
  expect(contact?.emails.map(({ address }) => address)).toEqual([
    'sofie@havneby.example',
    'sofie@holm.example',
  ])
  expect(await imports.contactsOf(tenant)).toHaveLength(1)
})

test('the same id in two programs is two contacts', async () => {
  const tenant = crypto.randomUUID()
  const file = 'Ekstern id;Navn\r\n51;Ida Bach\r\n'
  await imports.importAll(`${hubspot}51,Sofie,Lund,,,2026-03-04\r\n`, 'a.csv', tenant)
  await imports.importAll(file, 'b.csv', tenant, { idSource: 'economic' })
  const found = await world.call(listContacts, { externalId: 'economic:51' }, tenant)
  expect(found.items).toMatchObject([{ name: 'Ida Bach' }])
  expect(await imports.contactsOf(tenant)).toHaveLength(2)
})

test('a contact that was merged away is known by its id as the one that was kept', async () => {
  const tenant = crypto.randomUUID()
  await imports.importAll(`${hubspot}51,Sofie,Lund,,,2026-03-04\r\n`, 'a.csv', tenant)
  const [gone] = await imports.contactsOf(tenant)
  const kept = await world.call(createContact, { name: 'Sofie L.' }, tenant)
  await world.call(mergeContacts, { id: kept.id, others: [gone!.id] }, tenant)
  await imports.importAll(`${hubspot}51,Sofie,Lund,s@lund.example,,2026-03-04\r\n`, 'b.csv', tenant)
  expect(await imports.contactsOf(tenant)).toMatchObject([{ id: kept.id, name: 'Sofie Lund' }])
})

test('an exported contact without an address is corrected in the file and known again by its id', async () => {
  const tenant = crypto.randomUUID()
  const { id } = await world.call(createContact, { name: 'Inge Bæk' }, tenant)
  for (const [format, file] of [
    ['csv', 'a.csv'],
    ['vcard', 'a.vcf'],
  ] as const) {
    const { content } = await world.call(exportContacts, { format }, tenant)
    await imports.importAll(content.replaceAll('Bæk', `Bæk ${format}`), file, tenant)
    expect(await imports.contactsOf(tenant)).toMatchObject([{ id, name: expect.stringContaining(format) }])
  }
})

test('a row without an address is known by its name and phone or company, and nobody else is', async () => {
  const tenant = crypto.randomUUID()
  const rows = ['Ida Bach;;20123456;;;;', 'Ida Bach;;;Bach Byg ApS;;;', 'Ida Bach;;;;;;']
  await imports.importAll(list + rows.join('\r\n'), 'a.csv', tenant)
  const again = [
    'IDA BACH;ida@bach.example;20123456;;Mester;;',
    'Ida Bach;;;Bach Byg;Lærling;;',
    'Ida Bach;en.anden@bach.example;20123456;;;;',
  ]
  expect(await imports.importAll(list + again.join('\r\n'), 'b.csv', tenant)).toMatchObject({
    created: 1,
    updated: 2,
  })
  const titles = (await imports.contactsOf(tenant)).map(({ title, companyName }) => [title, companyName])
  expect(titles.toSorted()).toEqual([
    [null, null],
    [null, null],
    ['Lærling', 'Bach Byg ApS'],
    ['Mester', null],
  ])
})

test('a company is one however rows write it, unless their CVR numbers differ', async () => {
  const tenant = crypto.randomUUID()
  const rows = [
    'Bo;Fjord Byg ApS;',
    'Per;FJORD BYG;13748136',
    'Ole;Fjord Byg;24256790',
    'Eva;Noget andet;13748136',
  ]
  await imports.importAll(['Navn;Firma;CVR', ...rows].join('\r\n'), 'a.csv', tenant)
  await imports.importAll('Navn;Firma;CVR\r\nIda;fjord byg aps;', 'b.csv', tenant)
  const { items } = await world.call(listCompanies, {}, tenant)
  expect(items.map(({ name, cvr }) => [name, cvr])).toEqual([
    ['Fjord Byg', '24256790'],
    ['Fjord Byg ApS', '13748136'],
  ])
})

test('two imports at the same time make no contact twice', async () => {
  const tenant = crypto.randomUUID()
  const rows = Array.from({ length: 200 }, (_, index) => `Person ${index};p${index}@x.example`)
  const file = ['Navn;E-mail', ...rows].join('\n')
  await Promise.all(['a.csv', 'b.csv'].map((name) => imports.importAll(file, name, tenant)))
  expect(await imports.contactsIn(tenant)).toBe(200)
})

test('a preview tells of each row whom it is about and what will be done with it', async () => {
  const tenant = crypto.randomUUID()
  const { id: known } = await world.call(
    createContact,
    { name: 'Ida Bach', emails: [{ address: 'ida@bach.example' }] },
    tenant,
  )
  const rows = `${list}Ida B.;ida@bach.example;;;;;\r\nBo;;;;;;\r\nPer;x;;;;;\r\n`
  const { id } = await imports.receive(rows, 'a.csv', tenant)
  const outcomes = async () =>
    (await world.call(previewImport, { id }, tenant)).items.map((row) => [
      row.line,
      row.outcome,
      row.known?.name,
    ])
  expect(await outcomes()).toEqual([
    [2, 'update', 'Ida Bach'],
    [3, 'create', undefined],
    [4, 'refuse', undefined],
  ])
  await world.call(updateImport, { id, whenKnown: 'skip' }, tenant)
  expect((await outcomes())[0]).toEqual([2, 'skip', 'Ida Bach'])
  expect(await imports.contactsOf(tenant)).toMatchObject([{ id: known, name: 'Ida Bach' }])
})
