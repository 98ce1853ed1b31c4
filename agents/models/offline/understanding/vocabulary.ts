import { BoundedMap, type Locale } from '#core'
import { isSlip } from '../language/editDistance.ts'
import { synonymsOf } from '../language/synonyms.ts'
import type { Token } from '../language/tokens.ts'
import { isFunctionWord, isQuestionWord } from '../language/words.ts'
import { isLiteral, isMark, type Pattern } from './patterns.ts'

/** What the model knows of words: how telling each is, which patterns hold it, and in which languages. */
export interface Vocabulary {
  /** 0 to 1: how much the word tells about which operation is meant. */
  weight(stemmed: string): number
  languages(stemmed: string): Readonly<Record<Locale, boolean>> | undefined
  /** The indices of the patterns that hold the stem. */
  patternsWith(stemmed: string): Int32Array
  /** The indices of the patterns where the stem is one of the words that a choice is named with. */
  patternsChoosing(stemmed: string): Int32Array
  /** The known stems that a word of a sentence may stand for, with how near each is, 0 to 1. */
  meanings(token: Token, isFirst: boolean): ReadonlyMap<string, number>
}

interface Entry {
  readonly weight: number
  readonly languages: Readonly<Record<Locale, boolean>>
  readonly patterns: Int32Array
  readonly choosing: Int32Array
}

/** What is gathered of a stem while the patterns are read. */
interface Gathered {
  readonly patterns: number[]
  readonly choosing: number[]
  readonly operations: Set<string>
  readonly languages: Record<Locale, boolean>
  readonly word: string
}

const nothing = new Int32Array()

/** Words whose meanings are kept at hand, and how long they may be. */
const mostRemembered = 4_000
const longestRemembered = 40

/** How near a word of the same meaning, and a word that may be misspelt, are to the word itself. */
export const asSynonym = 0.75
const asSlip = 0.7
/** "for" is not "on", though either may be said. */
const asOtherSmallWord = 0.4

export function buildVocabulary(patterns: readonly Pattern[]): Vocabulary {
  const operations = new Set(patterns.map((pattern) => pattern.operation)).size
  const entries = new Map(
    [...gather(patterns)].map(([stemmed, gathered]) => [stemmed, entryOf(gathered, operations)]),
  )
  const words = wordsByEnds(patterns)
  return {
    weight: (stemmed) => entries.get(stemmed)?.weight ?? 0.6,
    languages: (stemmed) => entries.get(stemmed)?.languages,
    patternsWith: (stemmed) => entries.get(stemmed)?.patterns ?? nothing,
    patternsChoosing: (stemmed) => entries.get(stemmed)?.choosing ?? nothing,
    meanings: remembered((token, mayBeName) => meaningsOf(token, mayBeName, entries, words)),
  }
}

type MeaningsOf = (token: Token, mayBeName: boolean) => ReadonlyMap<string, number>

/** People say the same words again and again, and what a rare one may have been meant for takes long to find. */
function remembered(meaningsOf: MeaningsOf): Vocabulary['meanings'] {
  const known = new BoundedMap<ReadonlyMap<string, number>>(mostRemembered)
  return (token, isFirst) => {
    const mayBeName = token.capital && !isFirst
    if (token.mark || token.word.length > longestRemembered) return meaningsOf(token, mayBeName)
    const key = `${mayBeName ? 'name' : 'word'} ${token.word}`
    let meanings = known.get(key)
    if (!meanings) known.set(key, (meanings = meaningsOf(token, mayBeName)))
    return meanings
  }
}

function gather(patterns: readonly Pattern[]): Map<string, Gathered> {
  const found = new Map<string, Gathered>()
  patterns.forEach((pattern, index) => {
    for (const { stem, word, isChoice } of wordsOf(pattern)) {
      let gathered = found.get(stem)
      if (!gathered) found.set(stem, (gathered = nothingGathered(word)))
      const of = isChoice ? gathered.choosing : gathered.patterns
      if (of.at(-1) !== index) of.push(index)
      gathered.operations.add(pattern.operation)
      gathered.languages[pattern.locale] = true
    }
  })
  return found
}

/** A pattern is found by its own words, and by those that its choices are named with: "jeg {kind} til {contactId}". */
const wordsOf = ({
  parts,
}: Pattern): readonly { readonly stem: string; readonly word: string; readonly isChoice?: true }[] =>
  parts.flatMap((part) => {
    if (isLiteral(part)) return isMark(part) ? [] : [part]
    return part.field.choices.flatMap(({ stems }) =>
      stems.map((stem) => ({ stem, word: stem, isChoice: true as const })),
    )
  })

const nothingGathered = (word: string): Gathered => ({
  patterns: [],
  choosing: [],
  operations: new Set(),
  languages: { da: false, en: false },
  word,
})

const entryOf = (gathered: Gathered, operations: number): Entry => ({
  weight: weigh(gathered, operations),
  languages: gathered.languages,
  patterns: Int32Array.from(gathered.patterns),
  choosing: Int32Array.from(gathered.choosing),
})

/** "Mikkel skal …": what is to be done is told by little else. Folded. */
const modals = new Set('skal should must need needs'.split(' '))

const weights = { functionWord: 0.12, modal: 0.25, questionWord: 0.35, least: 0.4 }

/** Words of few operations tell most (inverse document frequency over operations); function words tell little. */
function weigh({ operations, word }: Gathered, total: number): number {
  if (isQuestionWord(word)) return weights.questionWord
  if (modals.has(word)) return weights.modal
  if (isFunctionWord(word)) return weights.functionWord
  const rarity = Math.log(1 + total / operations.size) / Math.log(1 + total)
  return weights.least + (1 - weights.least) * rarity
}

/** By their length with their first letter, and with their last. */
type WordsByEnds = ReadonlyMap<string, ReadonlyMap<string, string>>

/** The content words of all patterns with their stems, for finding what a misspelt word was to be. */
function wordsByEnds(patterns: readonly Pattern[]): WordsByEnds {
  const groups = new Map<string, Map<string, string>>()
  for (const part of patterns.flatMap((pattern) => pattern.parts)) {
    if (!isLiteral(part) || isFunctionWord(part.word) || isMark(part)) continue
    for (const key of endsOf(part.word, part.word.length)) {
      let group = groups.get(key)
      if (!group) groups.set(key, (group = new Map()))
      group.set(part.word, part.stem)
    }
  }
  return groups
}

/** Slips seldom change both the first and the last letter; asking for one of them spares most comparisons. */
const endsOf = (word: string, length: number): readonly string[] => [
  `${length} ${word[0]}`,
  `${word.at(-1)} ${length}`,
]

function meaningsOf(
  token: Token,
  mayBeName: boolean,
  entries: ReadonlyMap<string, Entry>,
  words: WordsByEnds,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  if (token.mark) return token.text === ',' || token.text === ':' ? found.set(token.text, 1) : found
  if (entries.has(token.stem)) found.set(token.stem, 1)
  for (const synonym of synonymsOf(token.stem))
    if (entries.has(synonym) && !found.has(synonym))
      found.set(synonym, isFunctionWord(token.word) ? asOtherSmallWord : asSynonym)
  if (
    found.size === 0 &&
    synonymsOf(token.stem).length === 0 &&
    !mayBeName &&
    !isFunctionWord(token.word) &&
    !/\d|@/.test(token.word)
  )
    addSlips(token.word, words, entries, found)
  return found
}

function addSlips(
  word: string,
  words: WordsByEnds,
  entries: ReadonlyMap<string, Entry>,
  found: Map<string, number>,
): void {
  for (let length = word.length - 2; length <= word.length + 2; length++)
    for (const key of endsOf(word, length))
      for (const [candidate, stemmed] of words.get(key) ?? []) {
        if (found.get(stemmed) === asSlip || !isSlip(candidate, word) || isOtherShortWord(candidate, word))
          continue
        found.set(stemmed, asSlip)
        for (const synonym of synonymsOf(stemmed))
          if (entries.has(synonym) && !found.has(synonym)) found.set(synonym, asSlip * asSynonym)
      }
}

/** Four letters are soon another word ("film", "file"): only their order may be wrong. */
const isOtherShortWord = (left: string, right: string): boolean =>
  Math.min(left.length, right.length) <= 4 && [...left].sort().join('') !== [...right].sort().join('')
