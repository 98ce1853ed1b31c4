import { createReadStream } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ContactDraft, ContactResult } from './contact.ts'
import { readCsv } from './csv/read.ts'
import { writeCsv } from './csv/write.ts'
import { contactHeaders, contactRow } from './fromContact.ts'
import { suggestMapping, type Columns } from './mapping/suggest.ts'
import { anyContact } from './testing/anyContact.ts'
import { contactReader } from './toContact.ts'

async function importFile(bytes: AsyncIterable<Uint8Array>) {
  const file = await readCsv(bytes)
  const { source, columns } = suggestMapping(file.headers)
  const read = contactReader(file.headers, columns)
  const results: ContactResult[] = []
  for await (const row of file.rows) results.push(read(row))
  return { source, encoding: file.encoding, results, columns }
}

const fixture = (name: string) => importFile(createReadStream(new URL(`fixtures/${name}`, import.meta.url)))
const contacts = (results: readonly ContactResult[]): ContactDraft[] =>
  results.flatMap((result) => ('contact' in result ? [result.contact] : []))

test('a Google export is read with several emails, phones and labels in one cell', async () => {
  const { source, results } = await fixture('google.csv')
  expect(source).toBe('google')
  expect(contacts(results)).toHaveLength(3)
  expect(contacts(results)[0]).toEqual({
    name: 'Sofie Lund',
    firstName: 'Sofie',
    lastName: 'Lund',
    title: 'Klinikchef',
    emails: ['sofie@havneby.example', 'sofie.lund@post.example'],
    phones: ['+4520123456', '+4533123456', '+4533123457'],
    company: 'Havneby Tandklinik',
    address: 'Havnegade 4, 1. th.',
    postcode: '6792',
    city: 'Rømø',
    country: 'Danmark',
    tags: ['Kunder'],
    note: 'Ringer helst\nefter kl. 15',
  })
})

test('an English Outlook export is read, its title and home address left out', async () => {
  const { source, results } = await fixture('outlook-en.csv')
  expect(source).toBe('outlook')
  expect(contacts(results)[0]).toMatchObject({
    title: 'Partner',
    address: '12 Quay Road, 2nd floor',
    phones: ['+442079460018', '+447400123456'],
    tags: ['Customer', 'VIP'],
  })
})

test('a Danish Outlook export in Windows-1252 is read', async () => {
  const { source, encoding, results } = await fixture('outlook-da.csv')
  expect([source, encoding]).toEqual(['outlook', 'windows-1252'])
  expect(contacts(results)[0]).toMatchObject({
    name: 'Åse Kjær',
    title: 'Værftsleder',
    emails: ['aase@aeroebaad.example', 'info@aeroebaad.example'],
    city: 'Ærøskøbing',
    tags: ['Kunde', 'Ø-kunde'],
  })
})

test('a HubSpot export is read with its owner and date', async () => {
  const { source, results } = await fixture('hubspot.csv')
  expect(source).toBe('hubspot')
  expect(contacts(results)[0]).toMatchObject({
    owner: expect.stringContaining('anna@'),
    createdAt: '2026-03-04',
  })
})

test('a Danish Excel file is read, and each bad row says its line, column and reason', async () => {
  const { source, encoding, results } = await fixture('excel-dansk.csv')
  expect([source, encoding]).toEqual(['generic', 'windows-1252'])
  expect(contacts(results).map((contact) => [contact.name, contact.company, contact.createdAt])).toEqual([
    ['Sofie Lund', 'Havneby Tandklinik', '2024-04-03'],
    ['Bente Skov', 'Bakkens Blomster', '2025-11-21'],
  ])
  const faults = results.flatMap((result) => ('fault' in result ? [result.fault] : []))
  expect(faults.map((fault) => [fault.line, fault.column])).toEqual([
    [4, 'CVR-nr.'],
    [5, 'E-mail'],
    [6, 'Tlf.'],
  ])
  expect(faults[2]?.message.da).toBe(
    '“12345678”: Telefonnummeret kan ikke læses. Skriv 8 danske cifre, eller begynd med landekoden, f.eks. +46.',
  )
})

const readRow = (headers: readonly string[], columns: Columns, values: readonly string[]): ContactResult =>
  contactReader(headers, columns)({ line: 2, values })

test('a contact without a name is called by its email or phone', () => {
  const columns = { Navn: 'name', Mail: 'email', Tlf: 'phone' } as const
  const named = (values: string[]): unknown => readRow(['Navn', 'Mail', 'Tlf'], columns, values)
  expect(named(['', 'A@b.example', ''])).toMatchObject({ contact: { name: 'a@b.example' } })
  expect(named(['', '', '20123456'])).toMatchObject({ contact: { name: '+4520123456' } })
  expect(named(['', '', ''])).toMatchObject({ fault: { line: 2, column: null } })
})

test('a row with more cells than columns is refused, since it is cut in the wrong places', () => {
  expect(readRow(['Navn'], { Navn: 'name' }, ['Lund', 'Sofie'])).toMatchObject({ fault: { column: null } })
  expect(readRow(['Navn'], { Navn: 'name' }, ['Sofie', ''])).toMatchObject({ contact: { name: 'Sofie' } })
})

test('an extension is kept in the note', () => {
  const result = readRow(['Navn', 'Tlf'], { Navn: 'name', Tlf: 'phone' }, ['Sofie', '33 12 34 56 lok. 12'])
  expect(result).toMatchObject({ contact: { phones: ['+4533123456'], note: '+4533123456 lok. 12' } })
})

test('a header named like a property of every object maps to nothing', () => {
  expect(readRow(['constructor', 'Navn'], { Navn: 'name' }, ['x', 'Sofie'])).toEqual({
    contact: { name: 'Sofie', firstName: 'Sofie', emails: [], phones: [], tags: [] },
  })
})

test('any cells give a contact or a fault, never an exception', () => {
  const headers = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const columns = {
    a: 'name',
    b: 'email',
    c: 'phone',
    d: 'companyCvr',
    e: 'createdAt',
    f: 'tags',
    g: 'note',
  } as const
  const cells = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '20123456')), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(cells, (values) => {
      const result = readRow(headers, columns, values)
      expect('contact' in result ? result.contact.name : result.fault.message.da).not.toBe('')
    }),
  )
})

test('importing an export gives the same contacts, in both languages and with either delimiter', async () => {
  const cases = fc.tuple(
    fc.array(anyContact(), { maxLength: 6 }),
    fc.constantFrom('da' as const, 'en' as const),
  )
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.constantFrom(';' as const, ',' as const),
      async ([exported, locale], delimiter) => {
        const rows = exported.map(contactRow)
        const { results } = await importFile(writeCsv(contactHeaders(locale), rows, { delimiter }))
        expect(results).toEqual(exported.map((contact) => ({ contact })))
      },
    ),
    { numRuns: 200 },
  )
})
