import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountText, parseAmount, parseCount } from './amount.ts'

describe('an amount that somebody writes', () => {
  it.each([
    ['500', 50_000],
    ['1.250,50', 125_050],
    ['1250.5', 125_050],
    ['1 250 kr.', 125_000],
    ['12.500', 1_250_000],
    ['0,05', 5],
  ])('%s is read as people mean it', (text, minorUnits) => {
    expect(parseAmount(text)).toBe(minorUnits)
  })

  it.each(['', 'mange', '-5', '1e9', '5 procent', ','])('%s is none', (text) => {
    expect(parseAmount(text)).toBeUndefined()
    expect(parseCount(text)).toBeUndefined()
  })

  it('is read again as it is shown', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), (minorUnits) => parseAmount(amountText(minorUnits)) === minorUnits),
    )
  })
})
