import { locales, type Core, type Locale } from '#core'
import { operationCards } from '../agents/cards.ts'
import { trainOffline } from '../agents/models/offline/index.ts'
import { createToolSearch } from '../agents/toolSearch/index.ts'
import { offeredAtOnce } from '../agents/turn/offer.ts'
import type { Share } from './examine.ts'
import { halves, sets } from './sets.ts'

/** How often the operation that a sentence needs is among those that a vendor's model is offered for it. */
export function recallOf({ registry }: Pick<Core, 'registry'>): Readonly<Record<Locale, Share>> {
  const search = createToolSearch(registry, trainOffline(operationCards(registry)))
  const shares = locales.map((locale) => {
    const asked = halves.flatMap((half) => sets[locale][half].calls)
    const right = asked.filter(({ say, operation, or = [] }) => {
      const found = search.find({ text: say }, registry.operations, offeredAtOnce)
      return found.some(({ name }) => [operation, ...or.map((meaning) => meaning.operation)].includes(name))
    })
    return [locale, { right: right.length, of: asked.length }] as const
  })
  return Object.fromEntries(shares) as Record<Locale, Share>
}
