import table from './exchangeRates.json' with { type: 'json' }

/** Units of each currency for one of a common one. */
export type Rates = Readonly<Record<string, number>>

const dated = table.rates.map(({ from, ...rates }) => ({ from, rates: rates as Rates }))

/** The rates of a day: the newest that are not from after it. */
export function ratesAt(at: Date): Rates {
  const day = at.toISOString().slice(0, 10)
  return (dated.findLast(({ from }) => from <= day) ?? dated[0]!).rates
}

/** Every currency that amounts can be given in, as ISO 4217 codes. */
export const currencies = Object.keys(dated.at(-1)!.rates)

/** What a company counts in that has chosen no currency, or one that we have no rate for. */
export const defaultCurrency = 'DKK'
