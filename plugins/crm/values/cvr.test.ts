import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cvr, parseCvr } from './cvr.ts'

test.each(['13748136', '24256790', '13585628', '19319970'])('%s is a CVR number', (number) => {
  expect(Cvr.parse(number)).toBe(number)
})

test.each(['24256791', '13585627', '00000000', '1374813', '137481366', 'abc', '', '1'.repeat(1_000_000)])(
  '%.12s is no CVR number',
  (number) => {
    expect(Cvr.safeParse(number).error?.issues[0]?.message).toMatch(/CVR/)
  },
)

test.each([
  'DK 13748136',
  'dk-13748136',
  ' 13 74 81 36 ',
  'CVR-nr. 13748136',
  'CVR: DK13748136',
  '13.74.81.36',
])('%j is read as 13748136', (text) => {
  expect(parseCvr(text)).toBe('13748136')
})

test('changing one digit makes a CVR number invalid', () => {
  const cases = fc.tuple(
    fc.constantFrom('13748136', '24256790', '13585628'),
    fc.nat(7),
    fc.integer({ min: 1, max: 9 }),
  )
  fc.assert(
    fc.property(cases, ([number, index, step]) => {
      const digit = (Number(number[index]) + step) % 10
      expect(parseCvr(number.slice(0, index) + digit + number.slice(index + 1))).toBeUndefined()
    }),
  )
})
