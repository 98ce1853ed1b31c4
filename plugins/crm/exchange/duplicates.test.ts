import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  compareCompanies,
  compareContacts,
  probableDuplicate,
  type ComparableCompany,
  type ComparableContact,
} from './duplicates.ts'
import { companyNameSimilarity } from '../values/companyName.ts'

const contact = (name: string, rest: Partial<ComparableContact> = {}): ComparableContact => ({
  name,
  emails: [],
  phones: [],
  ...rest,
})

const sofie = contact('Sofie Lund', {
  emails: ['sofie@havneby.example'],
  phones: ['+4520123456'],
  company: 'Havneby Tandklinik',
})

test.each([
  ['the same email and a slip in the name', contact('Sofie Lundt', { emails: ['sofie@havneby.example'] })],
  ['the same phone and an initial', contact('S. Lund', { phones: ['+4520123456'] })],
  ['the same name and company', contact('Lund, Sofie', { company: 'HAVNEBY TANDKLINIK ApS' })],
  [
    'the same name and mail domain',
    contact('Sofie Lund', { emails: ['sl@havneby.example'], company: 'Havneby Tandklinik' }),
  ],
])('%s make a probable duplicate', (_, other) => {
  expect(compareContacts(sofie, other).score).toBeGreaterThanOrEqual(probableDuplicate)
})

test.each([
  ['the same name alone', contact('Sofie Lund')],
  ['a shared mailbox', contact('Peter Holm', { emails: ['sofie@havneby.example'] })],
  [
    'a shared switchboard and company',
    contact('Peter Holm', { phones: ['+4520123456'], company: 'Havneby Tandklinik' }),
  ],
  ['another person', contact('Laura Stone', { emails: ['laura@stone.example'] })],
])('%s is no probable duplicate', (_, other) => {
  expect(compareContacts(sofie, other).score).toBeLessThan(probableDuplicate)
})

test('reasons are told, the strongest first', () => {
  const other = contact('Sofie Lund', { emails: ['sofie@havneby.example'] })
  expect(compareContacts(sofie, other).reasons).toEqual(['email', 'name', 'domain'])
})

test('a public mail domain in common says nothing', () => {
  const [one, other] = ['a@gmail.com', 'b@gmail.com'].map((email) =>
    contact('Sofie Lund', { emails: [email] }),
  )
  expect(compareContacts(one as ComparableContact, other as ComparableContact).reasons).toEqual(['name'])
})

test('companies are the same by CVR, or by name whatever the form and spelling, never with different CVR numbers', () => {
  const nordlys: ComparableCompany = {
    name: 'Nordlys Rengøring ApS',
    cvr: '13748136',
    domains: ['nordlys.example'],
  }
  const score = (other: ComparableCompany): number => compareCompanies(nordlys, other).score
  expect(score({ name: 'NR', cvr: '13748136' })).toBeGreaterThan(0.95)
  expect(score({ name: 'NORDLYS RENGOERING', domains: ['nordlys.example'] })).toBeGreaterThanOrEqual(
    probableDuplicate,
  )
  expect(
    score({ name: 'Nordlys Rengøring ApS', cvr: '24256790', domains: ['nordlys.example'] }),
  ).toBeLessThan(0.4)
  expect(companyNameSimilarity('Fjord IT A/S', 'Fjord IT')).toBe(1)
})

const list = (...values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 2 })
const people: fc.Arbitrary<ComparableContact> = fc.record({
  name: fc.oneof(
    fc.constantFrom('Sofie Lund', 'Sofie Lundt', 'S Lund', 'Søren Ærø', 'Soeren Aeroe', ''),
    fc.string({ unit: 'grapheme' }),
  ),
  emails: list('a@x.example', 'b@x.example', 'c@gmail.com'),
  phones: list('+4520123456', '+4533123456'),
  company: fc.constantFrom(undefined, 'X ApS', 'X', 'Y A/S'),
})
const companies: fc.Arbitrary<ComparableCompany> = fc.record({
  name: fc.oneof(
    fc.constantFrom('Nordlys ApS', 'NORDLYS', 'Nordlis', 'ApS'),
    fc.string({ unit: 'grapheme' }),
  ),
  cvr: fc.constantFrom(undefined, '13748136', '24256790'),
  domains: list('x.example', 'gmail.com'),
  phones: list('+4520123456', '+4533123456'),
})

test('similarity is symmetric, within 0 and 1, and 1 for identical records', () => {
  const holds = <Kind>(
    compare: (left: Kind, right: Kind) => { score: number },
    left: Kind,
    right: Kind,
  ): void => {
    expect(compare(left, right)).toEqual(compare(right, left))
    expect(compare(left, structuredClone(left)).score).toBe(1)
    expect(compare(left, right).score).toBeGreaterThanOrEqual(0)
    expect(compare(left, right).score).toBeLessThanOrEqual(1)
  }
  fc.assert(fc.property(people, people, (left, right) => holds(compareContacts, left, right)))
  fc.assert(fc.property(companies, companies, (left, right) => holds(compareCompanies, left, right)))
})
