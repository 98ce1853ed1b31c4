import type { Entity } from './entity.ts'
import { numberFrom, readDecimal } from './numbers.ts'

/** An amount in minor units (øre, cents); `currency` (ISO 4217) only where the text names one. */
export interface Amount {
  readonly minor: number
  readonly currency?: string
}

const currencyPattern = 'kr\\.?|kroner|dkk|eur|euros?|€|usd|dollars?|\\$|gbp|pounds?|£|sek|nok|chf'
const magnitudePattern =
  'k|t\\.?kr\\.?|tusind|thousand|mio\\.?|mill?\\.?|millioner|million|m|mia\\.?|milliarder|milliard|billion'
const figures = '\\d{1,3}(?:[  ]\\d{3})+(?:[.,]\\d{1,2})?|\\d+(?:[.,]\\d+)*'
const spoken =
  'en|et|one|to|two|tre|three|fire|four|fem|five|seks|six|syv|seven|otte|eight|ni|nine|ti|ten|tyve|twenty|halvanden|halvtreds|hundrede|et par|a couple of'
const edge = '(?![\\p{L}\\d])'

const before = new RegExp(
  `(?<![\\p{L}\\d])(${currencyPattern})\\s?(${figures})(?:\\s?(${magnitudePattern})${edge})?`,
  'giu',
)
const after = new RegExp(
  `(?<![\\p{L}\\d.,])(${figures}|(?:${spoken})(?=\\s+(?:${magnitudePattern})))(?:\\s?(${magnitudePattern})${edge})?\\s?(?:(${currencyPattern})${edge}|(,-))?`,
  'giu',
)

/** Amounts of money: with a currency before or behind, "12.500,-", or a size such as "25k" and "2 mio". */
export function findMoney(text: string): Entity[] {
  const found = [...text.matchAll(before)].flatMap((match) => entity(match, match[2], match[3], match[1]))
  for (const match of text.matchAll(after)) {
    const [, number, magnitude, currency, dash] = match
    if (!magnitude && !currency && !dash) continue
    const start = match.index
    if (found.some((other) => start < other.end && start + match[0].length > other.start)) continue
    found.push(...entity(match, number, magnitude, currency ?? (dash ? 'kr' : undefined)))
  }
  return found
}

function entity(match: RegExpExecArray, number = '', magnitude?: string, currency?: string): Entity[] {
  const amount = readAmount(number, magnitude, currency)
  const end = match.index + match[0].trimEnd().length
  return amount ? [{ type: 'money', start: match.index, core: match.index, end, value: amount }] : []
}

/** A bare number as money: "beløb 12500". */
export const amountOf = (number: number, currency?: string): Amount => ({
  minor: Math.round(number * 100),
  ...(currency && { currency }),
})

function readAmount(number: string, magnitude?: string, currency?: string): Amount | undefined {
  const value = magnitude
    ? (decimalWith(number) ?? numberFrom(number))
    : (readDecimal(number) ?? numberFrom(number))
  if (value === undefined) return undefined
  const [factor, implied] = (sizes.find(([pattern]) => pattern.test(magnitude ?? ''))?.slice(1) as [
    number,
    string?,
  ]) ?? [1]
  const code = currency === undefined ? implied : currencies.find(([pattern]) => pattern.test(currency))?.[1]
  return amountOf(value * factor, code)
}

/** Before "mio" a single separator is always the decimal one: "1,250 mio". */
const decimalWith = (number: string): number | undefined =>
  /^\d+[.,]\d+$/.test(number) ? Number(number.replace(',', '.')) : readDecimal(number)

const sizes: readonly [RegExp, number, string?][] = [
  [/^t\.?kr/i, 1e3, 'DKK'],
  [/^(?:k|tusind|thousand)$/i, 1e3],
  [/^(?:mia|milliard|billion)/i, 1e9],
  [/^(?:m|mio|mill?|million)/i, 1e6],
]

const currencies: readonly [RegExp, string][] = [
  [/^(?:kr|dkk)/i, 'DKK'],
  [/^(?:eur|€)/i, 'EUR'],
  [/^(?:usd|dollar|\$)/i, 'USD'],
  [/^(?:gbp|pound|£)/i, 'GBP'],
  [/^sek/i, 'SEK'],
  [/^nok/i, 'NOK'],
  [/^chf/i, 'CHF'],
]
