import { z } from 'zod'
import { parseDecimal, scaled } from './decimal.ts'

/** An amount in the currency's minor units (øre, cent), with its ISO 4217 code. */
export const Money = z.object({
  amount: z.int(),
  currency: z.string().regex(/^[A-Z]{3}$/),
})
export type Money = z.infer<typeof Money>

/**
 * Reads an amount as people write it: `12.500,50 kr.`, `DKK 12500`, `€1,234.56`, `12.500,-`, `2,5 mio. kr.`.
 * Without a currency it is in `currency`. Undefined where the text is no amount, has more decimals than the
 * currency, or is too large to be exact.
 */
export function parseMoney(text: string, currency = 'DKK'): Money | undefined {
  if (text.length > 60) return undefined
  const named = takeCurrency(text.normalize('NFKC').trim())
  const { number, zeros } = takeMultiplier(named.rest.replace(/[.,]\s*-+$/, ''))
  const decimal = parseDecimal(number)
  if (!decimal) return undefined
  const chosen = named.currency ?? currency
  const amount = scaled(decimal, minorDigits(chosen) + zeros)
  if (amount === undefined || amount > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  return amount < -BigInt(Number.MAX_SAFE_INTEGER) ? undefined : { amount: Number(amount), currency: chosen }
}

/** How many decimals a currency has: 2 for DKK, 0 for JPY. */
export function minorDigits(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.resolvedOptions().maximumFractionDigits ?? 2
}

const currencyWords: readonly (readonly [RegExp, string])[] = [
  [/^(?:dkk|kr(?:oner)?\.?)(?=[\s\d+-]|$)/i, 'DKK'],
  [/(?<=[\s\d.,-]|^)(?:dkk|kr(?:oner)?\.?)$/i, 'DKK'],
  [/^(?:eur(?:o)?|€)|(?<![a-z])(?:eur(?:o)?|€)$/i, 'EUR'],
  [/^(?:usd|us\$|\$)|(?<![a-z])(?:usd|us\$|\$|dollars?)$/i, 'USD'],
  [/^(?:gbp|£)|(?<![a-z])(?:gbp|£)$/i, 'GBP'],
  [/^sek|(?<![a-z])sek$/i, 'SEK'],
  [/^nok|(?<![a-z])nok$/i, 'NOK'],
]

function takeCurrency(text: string): { rest: string; currency?: string } {
  for (const [pattern, currency] of currencyWords) {
    if (pattern.test(text)) return { rest: text.replace(pattern, '').trim(), currency }
  }
  return { rest: text }
}

const multipliers: readonly (readonly [RegExp, number])[] = [
  [/\s*(?:mio|million(?:er)?)\.?$/i, 6],
  [/\s*(?:t\.?|tusind|thousand|k)$/i, 3],
]

function takeMultiplier(text: string): { number: string; zeros: number } {
  for (const [pattern, zeros] of multipliers) {
    if (pattern.test(text)) return { number: text.replace(pattern, ''), zeros }
  }
  return { number: text, zeros: 0 }
}
