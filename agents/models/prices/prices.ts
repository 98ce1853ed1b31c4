import type { Pricing, TokenPrice } from '#core'
import google from './google.json' with { type: 'json' }
import openai from './openai.json' with { type: 'json' }

/** One line of a vendor's list: what a model costs from a day on, for prompts that are longer than `aboveInput` tokens. */
interface PriceLine extends Omit<TokenPrice, 'currency'> {
  readonly model: string
  /** ISO 8601 date. */
  readonly from: string
  readonly aboveInput?: number
}

/** A vendor's price list: data, with the day that each price is from. Prices are micro-units for a million tokens. */
export interface PriceList {
  readonly vendors: readonly string[]
  readonly currency: string
  readonly source: string
  readonly models: readonly PriceLine[]
}

export const priceLists: readonly PriceList[] = [openai, google]

/** A model as its vendor names it. */
export interface ModelId {
  readonly vendor: string
  readonly model: string
}

/** How usage knows a model: `openai/gpt-5-mini`. */
export const usageName = ({ vendor, model }: ModelId): string => `${vendor}/${model}`

/** Whatever answers without a vendor costs nothing. */
export const offlineModel: ModelId = { vendor: 'tekup', model: 'offline' }

/**
 * What a call of so many prompt tokens costs at that moment. A model that is on no list is priced as the dearest of its
 * vendor's, or of all: a budget must not be passed because a name is new.
 */
export function pricingOf(id: ModelId, at: Date, inputTokens: number): Pricing {
  if (id.vendor === offlineModel.vendor) return { basis: 'free' }
  const day = at.toISOString().slice(0, 10)
  const own = priceLists.filter(({ vendors }) => vendors.includes(id.vendor))
  const offers = (own.length > 0 ? own : priceLists).flatMap((list) => valid(list, day, inputTokens))
  const known =
    offers.find(({ model }) => model === id.model) ??
    offers.find(({ model }) => model === withoutDate(id.model))
  if (known && own.length > 0) return { basis: 'list', price: known.price }
  const dearest = offers.reduce((most, offer) => (offer.price.output > most.price.output ? offer : most))
  return { basis: 'dearest', price: dearest.price }
}

interface Offer {
  readonly model: string
  readonly price: TokenPrice
}

/** The lines of a list that hold on a day for a prompt of that length: of each model the newest, and its highest tier. */
function valid({ currency, models }: PriceList, day: string, inputTokens: number): Offer[] {
  const lines = new Map<string, PriceLine>()
  for (const line of models) {
    const before = lines.get(line.model)
    const holds = line.from <= day && (line.aboveInput ?? 0) <= inputTokens
    if (holds && (!before || line.from >= before.from)) lines.set(line.model, line)
  }
  return [...lines.values()].map(({ model, input, cached, output }) => ({
    model,
    price: { currency, input, cached, output },
  }))
}

/** Vendors add the day, a number or a stage to the name of one and the same model: `gpt-5-mini-2025-08-07`. */
const withoutDate = (model: string): string =>
  model
    .replace(/^models\//, '')
    .replace(/-(preview|exp|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2}|\d{3})(?=-|$).*$/, '')
