import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listActivities } from '../activities/operations.ts'
import { exportContacts } from '../contacts/export.ts'
import { updateContact } from '../contacts/write.ts'
import { importing } from '../testing/importing.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { advanceImport } from './advance.ts'
import { cancelImport, deleteImport, importErrors, updateImport } from './operations.ts'
import { previewImport } from './preview.ts'

let world: CrmWorld
let imports: ReturnType<typeof importing>
beforeAll(async () => {
  world = await crmWorld()
  imports = importing(world)
})
afterAll(() => world.close())

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../exchange/fixtures/${name}`, import.meta.url))

test.each(['google.csv', 'outlook-da.csv', 'outlook-en.csv', 'hubspot.csv', 'excel-dansk.csv'])(
  'every row of %s is taken or refused, and what was taken is the same when exported and imported again',
  async (name) => {
    const tenant = crypto.randomUUID()
    const first = await imports.importAll(fixture(name), name, tenant)
    expect(first.created).toBeGreaterThan(0)
    expect(first.created + first.updated + first.skipped + first.failed).toBe(first.total)
    const before = await imports.contactsOf(tenant)
    for (const format of ['csv', 'vcard'] as const) {
      const { content, name: file } = await world.call(exportContacts, { format }, tenant)
      const again = await imports.importAll(content, file, tenant)
      expect(again).toMatchObject({ updated: 0, failed: 0 })
    }
    const withAddress = before.filter(({ emails }) => emails.length > 0)
    expect(await imports.contactsOf(tenant)).toEqual(expect.arrayContaining(withAddress))
  },
)

test('an export imported elsewhere makes the same contacts', async () => {
  const [from, to] = [crypto.randomUUID(), crypto.randomUUID()]
  await imports.importAll(fixture('google.csv'), 'google.csv', from)
  const { content } = await world.call(exportContacts, {}, from)
  await imports.importAll(content, 'export.csv', to)
  const plain = async (tenant: string) =>
    (await imports.contactsOf(tenant)).map(({ name, title, companyName, emails, phones, tags, city }) => ({
      name,
      title,
      companyName,
      tags,
      city,
      emails: emails.map(({ address }) => address),
      phones: phones.map(({ number }) => number),
    }))
  expect(await plain(to)).toEqual(await plain(from))
})

const list = 'Navn;E-mail;Telefon;Firma;Stilling;Mærkater;Noter\r\n'

test('a row of a known email changes that contact, and what the file is silent about stays', async () => {
  const tenant = crypto.randomUUID()
  await imports.importAll(
    `${list}Ida Bach;ida@bach.example;20123456;Bach Byg;Mester;vip;Ringer selv`,
    'a.csv',
    tenant,
  )
  const again = await imports.importAll(`${list}Ida Bach;IDA@bach.example;;;Direktør;ny;`, 'b.csv', tenant)
  expect(again).toMatchObject({ created: 0, updated: 1, skipped: 0 })
  expect(await imports.contactsOf(tenant)).toMatchObject([
    {
      name: 'Ida Bach',
      title: 'Direktør',
      companyName: 'Bach Byg',
      phones: [{ number: '+4520123456' }],
      tags: ['ny', 'vip'],
    },
  ])
  const notes = (await world.call(listActivities, {}, tenant)).items
  expect(notes).toMatchObject([{ kind: 'note', body: 'Ringer selv', contactName: 'Ida Bach' }])
})

test('two rows of one email are one contact', async () => {
  const tenant = crypto.randomUUID()
  const done = await imports.importAll(
    `${list}Bo;bo@x.example;20123456;;;;\r\nBo Dam;bo@x.example;30123456;;;;`,
    'a.csv',
    tenant,
  )
  expect(done).toMatchObject({ created: 1, skipped: 1 })
  expect(await imports.contactsOf(tenant)).toMatchObject([
    { name: 'Bo Dam', phones: [{ number: '+4520123456' }, { number: '+4530123456' }] },
  ])
})

test('a delimiter and an encoding that are chosen are used instead of those that would be found', async () => {
  const tenant = crypto.randomUUID()
  const content = Buffer.from('Navn,Noter;mere\r\nSøren,a;b\r\nÅse,c;d\r\n', 'latin1')
  const chosen = { delimiter: ',', encoding: 'windows-1252' } as const
  const found = await imports.receive(content, 'a.csv', tenant)
  expect(found).toMatchObject({ delimiter: ';', encoding: 'windows-1252' })
  expect(await imports.importAll(content, 'a.csv', tenant, chosen)).toMatchObject({ ...chosen, created: 2 })
  expect((await imports.contactsOf(tenant)).map(({ name }) => name)).toEqual(['Søren', 'Åse'])
  const wrong = imports.receive(content, 'a.csv', tenant, { encoding: 'utf-8' })
  await expect(wrong).rejects.toMatchObject({ code: 'crm_unreadable_file' })
})

test('known contacts are left alone when that was chosen', async () => {
  const tenant = crypto.randomUUID()
  await imports.importAll(`${list}Ida;ida@bach.example;;;Mester;;`, 'a.csv', tenant)
  const { id } = await imports.receive(`${list}Ida;ida@bach.example;;;Chef;;`, 'b.csv', tenant)
  await world.call(updateImport, { id, whenKnown: 'skip' }, tenant)
  expect(await imports.runToEnd(id, tenant)).toMatchObject({ updated: 0, skipped: 1 })
  expect(await imports.contactsOf(tenant)).toMatchObject([{ title: 'Mester' }])
})

test('a file is previewed with its columns chosen otherwise, and nothing is stored yet', async () => {
  const tenant = crypto.randomUUID()
  const { id, columns } = await imports.receive('A;B\r\nKim Friis;Kim Byg\r\n', 'x.csv', tenant)
  expect(Object.keys(columns)).toEqual(['A', 'B'])
  await world.call(updateImport, { id, columns: { A: 'name', B: 'company' } }, tenant)
  const { items } = await world.call(previewImport, { id }, tenant)
  expect(items).toMatchObject([{ line: 2, name: 'Kim Friis', company: 'Kim Byg', fault: null }])
  expect(await imports.contactsOf(tenant)).toEqual([])
})

test('rows at fault are told with their line, and the rest is taken', async () => {
  const tenant = crypto.randomUUID()
  const file = `${list}Ida;ida@bach.example;;;;;\r\nOle;ikke en adresse;;;;;\r\n"Per";per@x.example;1234;;;;\r\n`
  const done = await imports.importAll(file, 'fejl.csv', tenant)
  expect(done).toMatchObject({ created: 1, failed: 2 })
  const { name, content } = await world.call(importErrors, { id: done.id }, tenant, { locale: 'da' })
  expect(name).toBe('fejl-fejl.csv')
  expect(content).toMatch(/Ole;ikke en adresse.*E-mailadressen er ikke gyldig.*;3\r\n/)
  expect(content).toMatch(/Per;per@x\.example;1234.*Telefonnummeret kan ikke læses.*;4\r\n/)
})

test.each([
  ['a PDF', '%PDF-1.7 ...', /PDF/],
  ['half a CSV', `${list}Ida;"ida@bach`, /never closed/],
  ['an empty file', '', /empty/],
])('%s is refused with a sentence, and nothing is kept', async (_, content, sentence) => {
  const tenant = crypto.randomUUID()
  const refusal = await imports.receive(content, 'x.csv', tenant).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'crm_unreadable_file', status: 422 })
  expect((refusal as { sentence(locale: string): string }).sentence('en')).toMatch(sentence)
  const { rows } = await world.admin.query('SELECT 1 FROM crm.imports WHERE tenant_id = $1', [tenant])
  expect(rows).toEqual([])
})

test('an import that was cut off goes on where it stopped, and no row is taken twice', async () => {
  const tenant = crypto.randomUUID()
  const rows = Array.from({ length: 4_100 }, (_, index) => `Person ${index};p${index}@x.example`)
  const { id } = await imports.receive(['Navn;E-mail', ...rows].join('\n'), 'stor.csv', tenant)
  const half = await world.call(advanceImport, { id }, tenant)
  expect(half).toMatchObject({ status: 'running', done: 2_000, created: 2_000 })
  const calls = [1, 2, 3].map(() => world.call(advanceImport, { id }, tenant))
  await Promise.all(calls)
  expect(await imports.runToEnd(id, tenant)).toMatchObject({
    status: 'finished',
    done: 4_100,
    created: 4_100,
    failed: 0,
  })
  expect(await imports.contactsIn(tenant)).toBe(4_100)
})

test('a cancelled import stays cancelled, and keeps what was taken', async () => {
  const tenant = crypto.randomUUID()
  const { id } = await imports.receive(`${list}Ida;ida@bach.example;;;;;`, 'a.csv', tenant)
  await world.call(cancelImport, { id }, tenant)
  expect(await world.call(advanceImport, { id }, tenant)).toMatchObject({ status: 'cancelled', created: 0 })
  await expect(world.call(updateImport, { id, whenKnown: 'skip' }, tenant)).rejects.toMatchObject({
    code: 'crm_import_settled',
  })
})

test('a cell that a spreadsheet would run is neutral in the export and itself again after import', async () => {
  const tenant = crypto.randomUUID()
  await imports.importAll(`${list}=HYPERLINK(1);f@x.example;;;+1+1;;`, 'a.csv', tenant)
  const [contact] = await imports.contactsOf(tenant)
  await world.call(updateContact, { id: contact!.id, title: '=cmd|calc' }, tenant)
  const { content } = await world.call(exportContacts, {}, tenant)
  expect(content).not.toMatch(/(^|;)"?[=+@-]/m)
  await imports.importAll(content, 'b.csv', tenant)
  expect(await imports.contactsOf(tenant)).toMatchObject([{ title: '=cmd|calc' }])
})

test('a deleted import takes the rows that could not be imported with it', async () => {
  const tenant = crypto.randomUUID()
  const { id } = await imports.importAll(`${list}Ole;ikke en adresse;;;;;`, 'a.csv', tenant)
  expect(await world.call(deleteImport, { id }, tenant)).toEqual({ id, fileName: 'a.csv' })
  const { rows } = await world.admin.query('SELECT 1 FROM crm.import_faults WHERE tenant_id = $1', [tenant])
  expect(rows).toEqual([])
})
