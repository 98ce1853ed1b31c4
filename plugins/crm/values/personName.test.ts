import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jaroWinkler } from './jaroWinkler.ts'
import { joinName, nameSimilarity, splitName } from './personName.ts'

test.each([
  ['Sofie Lund', 'Sofie', 'Lund'],
  ['Anne Marie Holm', 'Anne Marie', 'Holm'],
  ['Holm, Anne Marie', 'Anne Marie', 'Holm'],
  ['Jens von der Recke', 'Jens', 'von der Recke'],
  ['Dr. Laura Stone', 'Laura', 'Stone'],
  ['Bente', 'Bente', ''],
  ['', '', ''],
])('%j is split into %j and %j', (full, firstName, lastName) => {
  expect(splitName(full)).toEqual({ firstName, lastName })
})

test('a name is joined from the parts that are there', () => {
  expect(joinName('Sofie', undefined, ' ', 'Lund')).toBe('Sofie Lund')
})

test.each([
  ['Søren Sørensen', 'Soeren Soerensen'],
  ['Søren Sørensen', 'soren sorensen'],
  ['Lund, Sofie', 'Sofie Lund'],
  ['Åse Kjær', 'Aase Kjaer'],
])('%j and %j are the same name', (left, right) => {
  expect(nameSimilarity(left, right)).toBe(1)
})

test('a slip is closer than another person', () => {
  expect(nameSimilarity('Søren Sørensen', 'Søren Sørnesen')).toBeGreaterThan(0.9)
  expect(nameSimilarity('S. Lund', 'Sofie Lund')).toBeGreaterThan(0.85)
  expect(nameSimilarity('Sofie Lund', 'Peter Holm')).toBeLessThan(0.6)
})

test('similarity is symmetric, within 0 and 1, and 1 for the same name', () => {
  const names = fc.array(
    fc.constantFrom('Anne', 'Anna', 'Hanne', 'Søren', 'Sören', 'Lund', 'L', 'Lundby', 'Ø'),
    { minLength: 1, maxLength: 4 },
  )
  fc.assert(
    fc.property(names, names, (left, right) => {
      const [one, other] = [left.join(' '), right.join(' ')]
      expect(nameSimilarity(one, other)).toBe(nameSimilarity(other, one))
      expect(nameSimilarity(one, one)).toBe(1)
      expect(nameSimilarity(one, other)).toBeGreaterThanOrEqual(0)
      expect(nameSimilarity(one, other)).toBeLessThanOrEqual(1)
    }),
  )
})

test('Jaro–Winkler gives the values of Winkler’s paper', () => {
  expect(jaroWinkler('MARTHA', 'MARHTA')).toBeCloseTo(0.961, 3)
  expect(jaroWinkler('DWAYNE', 'DUANE')).toBeCloseTo(0.84, 3)
  expect(jaroWinkler('DIXON', 'DICKSONX')).toBeCloseTo(0.813, 3)
  expect(jaroWinkler('', 'a')).toBe(0)
})
