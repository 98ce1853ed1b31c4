import fc from 'fast-check'
import { expect, test } from 'vitest'
import { companyNameSimilarity, writingsOf } from './companyName.ts'
import { foldPlain } from './fold.ts'

const isWrittenAs = (one: string, other: string): boolean => writingsOf(one).includes(foldPlain(other))

test.each([
  ['Havneby Tandklinik', 'HAVNEBY TANDKLINIK ApS'],
  ['Havneby Tandklinik A/S', 'havneby tandklinik'],
  ['Havneby Tandklinik, A/S', 'Havneby Tandklinik'],
  ['Ærø Brugs A.m.b.a.', 'Ærø Brugs'],
])('%j may stand as %j', (one, other) => {
  expect(isWrittenAs(one, other)).toBe(true)
  expect(companyNameSimilarity(one, other)).toBe(1)
})

test.each([
  ['Havneby ApS', 'Havneby A/S'],
  ['Havneby', 'Havneby Holding'],
  ['ApS', ''],
])('%j does not stand as %j', (one, other) => {
  expect(isWrittenAs(one, other)).toBe(false)
})

test('a name may always stand as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      expect(writingsOf(name)).toContain(foldPlain(name))
    }),
  )
})
