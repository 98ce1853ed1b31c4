import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDecimal, scaled } from './decimal.ts'
import { minorDigits, parseMoney } from './money.ts'

test.each([
  ['12.500,50 kr.', 1_250_050, 'DKK'],
  ['12.500 kr', 1_250_000, 'DKK'],
  ['kr. 12.500', 1_250_000, 'DKK'],
  ['DKK 12500', 1_250_000, 'DKK'],
  ['12,500.50', 1_250_050, 'DKK'],
  ['12.500,-', 1_250_000, 'DKK'],
  ['12 500,5', 1_250_050, 'DKK'],
  ['12\u00a0500 kr.', 1_250_000, 'DKK'],
  ['1,5', 150, 'DKK'],
  ['0,125 mio.', 12_500_000, 'DKK'],
  ['2,5 mio. kr.', 250_000_000, 'DKK'],
  ['-500 kr', -50_000, 'DKK'],
  ['€1,234.56', 123_456, 'EUR'],
  ['1.234,56 EUR', 123_456, 'EUR'],
  ['$99', 9_900, 'USD'],
  ['100 SEK', 10_000, 'SEK'],
  ['1.234.567,00', 123_456_700, 'DKK'],
])('%j is read as %d minor units of %s', (text, amount, currency) => {
  expect(parseMoney(text)).toEqual({ amount, currency })
})

test.each(['', 'kr', 'mange penge', '1.23.456', '12,5,5', '1,2345', '1..5', '9'.repeat(30), '1e9', 'NaN'])(
  '%j is no amount',
  (text) => {
    expect(parseMoney(text)).toBeUndefined()
  },
)

test('a currency without minor units takes whole numbers only', () => {
  expect(minorDigits('JPY')).toBe(0)
  expect(parseMoney('500', 'JPY')).toEqual({ amount: 500, currency: 'JPY' })
  expect(parseMoney('500,5', 'JPY')).toBeUndefined()
})

test('what Danish and English formatting write is read back exactly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
      fc.constantFrom('da-DK', 'en-US'),
      (amount, locale) => {
        const options = { minimumFractionDigits: 2 } as const
        const text = new Intl.NumberFormat(locale, options).format(amount / 100)
        const decimal = parseDecimal(text)
        expect(decimal && scaled(decimal, 2)).toBe(BigInt(amount))
      },
    ),
  )
})

test('what currency formatting writes is read back exactly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 ** 12 }),
      fc.constantFrom('DKK', 'EUR', 'USD'),
      (amount, currency) => {
        for (const locale of ['da-DK', 'en-US']) {
          const text = new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount / 100)
          expect(parseMoney(text)).toEqual({ amount, currency })
        }
      },
    ),
  )
})
