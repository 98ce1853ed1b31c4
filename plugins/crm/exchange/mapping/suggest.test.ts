import { expect, test } from 'vitest'
import { targetOfHeader } from './synonyms.ts'
import { suggestMapping } from './suggest.ts'

test.each([
  ['Fornavn', 'firstName'],
  ['EFTERNAVN', 'lastName'],
  ['E-mail 2', 'email'],
  ['Mailadresse (arbejde)', 'email'],
  ['Tlf. nr.', 'phone'],
  ['Mobilnr', 'phone'],
  ['Work phone', 'phone'],
  ['Virksomhed', 'company'],
  ['CVR-nummer', 'companyCvr'],
  ['Stilling', 'title'],
  ['Postnr.', 'postcode'],
  ['By', 'city'],
  ['Mærkater', 'tags'],
  ['Noter', 'note'],
  ['Ejer', 'owner'],
  ['Create Date', 'createdAt'],
  ['Fax', null],
  ['Kundenr.', null],
  ['constructor', null],
])('the header %j means %j', (header, target) => {
  expect(targetOfHeader(header)).toBe(target)
})

test('a column without a name is known by its values', () => {
  const rows = [
    ['Sofie Lund', 's@havneby.example', '20123456', '13748136', '1'],
    ['Peter Holm', 'p@holm.example', '20304050', '24256790', '2'],
    ['Laura Stone', '', '+44 20 7946 0018', '13585628', '3'],
  ]
  const { columns, source } = suggestMapping(['#1', '#2', '#3', '#4', '#5'], rows)
  expect(source).toBe('generic')
  expect(columns).toEqual({ '#1': 'name', '#2': 'email', '#3': 'phone', '#4': 'companyCvr', '#5': null })
})

test('customer numbers are not taken for phone numbers', () => {
  expect(suggestMapping(['Kundenr.'], [['20123456'], ['20304050']]).columns).toEqual({ 'Kundenr.': null })
})

test('beside a contact person, the name is the company’s', () => {
  expect(suggestMapping(['Navn', 'Kontaktperson', 'E-mail']).columns).toMatchObject({
    Navn: 'company',
    Kontaktperson: 'name',
  })
  expect(suggestMapping(['Navn', 'E-mail']).columns).toMatchObject({ Navn: 'name' })
})

test('Outlook’s title is a form of address, elsewhere it is a job', () => {
  expect(suggestMapping(['Titel', 'Fornavn', 'E-mail-adresse', 'Telefon (arbejde)']).columns).toMatchObject({
    Titel: null,
  })
  expect(suggestMapping(['Titel', 'Fornavn', 'E-mail']).columns).toMatchObject({ Titel: 'title' })
})

test('confidence rises with what was recognised', () => {
  const known = suggestMapping(['First Name', 'Last Name', 'E-mail 1 - Value']).confidence
  const good = suggestMapping(['Navn', 'E-mail', 'Kundenr.']).confidence
  const poor = suggestMapping(['Vare', 'Antal', 'Pris']).confidence
  expect([known > good, good > poor, poor]).toEqual([true, true, 0])
})
