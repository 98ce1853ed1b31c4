import { sql, type Core, type Locale } from '#core'
import { operationCards } from '../cards.ts'
import { trainOffline, type OfflineBrain, type OperationCard } from '../models/offline/index.ts'

/** How far a company's phrases have come: it changes with each that is added or taken away. */
export type PhraseMark = string

interface Phrase {
  readonly locale: Locale
  readonly text: string
  readonly operation: string
}

/** Companies whose own training is kept; the longest unused is made again when it is needed. */
const mostKept = 50
/** Phrases of one company that are trained on, the latest first. */
const mostPhrases = 1_000

/**
 * The offline model's training: one for all companies that have taught it nothing, and one for each that has, made
 * anew with the first turn after its phrases changed. No company's phrases are in another's.
 */
export function createBrains({ registry, database }: Pick<Core, 'registry' | 'database'>) {
  const cards = operationCards(registry)
  const common = trainOffline(cards)
  const own = new Map<string, { readonly mark: PhraseMark; readonly brain: OfflineBrain }>()
  return {
    common,
    of: async (tenant: string, mark: PhraseMark | null): Promise<OfflineBrain> => {
      if (mark === null) return common
      const known = own.get(tenant)
      const brain =
        known?.mark === mark
          ? known.brain
          : trainOffline(withPhrases(cards, await phrasesOf(database, tenant)))
      own.delete(tenant)
      own.set(tenant, { mark, brain })
      if (own.size > mostKept) own.delete(own.keys().next().value as string)
      return brain
    },
  }
}

export type Brains = ReturnType<typeof createBrains>

const phrasesOf = (database: Core['database'], tenant: string): Promise<Phrase[]> =>
  database.read<Phrase>(
    tenant,
    sql`SELECT locale, text, operation FROM agents.phrases
      WHERE tenant_id = ${tenant} ORDER BY created_at DESC, id DESC LIMIT ${mostPhrases}`,
  )

function withPhrases(cards: readonly OperationCard[], phrases: readonly Phrase[]): OperationCard[] {
  const byOperation = Map.groupBy(phrases, ({ operation }) => operation)
  return cards.map((card) => {
    const more = byOperation.get(card.name) ?? []
    const wordsIn = (locale: Locale) => {
      const texts = more.filter((phrase) => phrase.locale === locale).map(({ text }) => text)
      return { ...card.words[locale], phrases: [...card.words[locale].phrases, ...texts] }
    }
    return more.length === 0 ? card : { ...card, words: { da: wordsIn('da'), en: wordsIn('en') } }
  })
}
