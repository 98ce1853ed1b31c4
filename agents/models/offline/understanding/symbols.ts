import type { Locale } from '#core'
import { resourceOf } from '../card.ts'
import { lookOf } from '../language/callings.ts'
import type { Token } from '../language/tokens.ts'
import { isArticle, isFunctionWord } from '../language/words.ts'
import { isLiteral, isMark, type Pattern, type SlotPart } from './patterns.ts'
import type { Sentence } from './sentence.ts'

/** A word or a value as the intents know it: a stem, or the kind of a value such as `§name person`. */
export interface Symbol {
  readonly stem: string
  /** The word itself, where it is one that tells something. */
  readonly word?: string
}

/** A name of which it does not show whether it is a person's or a firm's; what does show so begins with it. */
export const anyName = '§name'
export const isName = (stem: string): boolean => stem.startsWith(anyName)
export const isKind = (stem: string): boolean => stem.startsWith('§')
const unknown = '§text'

/** The kind of a slot's values, or of a thing that shows by its form; any other is a name. */
const kinds: Readonly<Record<string, string>> = {
  email: '§email',
  phone: '§phone',
  cvr: '§phone',
  date: '§moment',
  dateTime: '§moment',
  moment: '§moment',
  duration: '§duration',
  money: '§money',
  number: '§number',
  url: '§url',
  text: unknown,
  free: unknown,
}
const kindOf = (type: string): string => kinds[type] ?? anyName

/** What the names of a resource's things look like, or the values of a kind of field. */
export type LookOfThings = (kind: string) => 'person' | 'firm' | undefined

const mostWays = 4

/** A phrase as symbols, once for each of the words that a choice in it may be said with, up to a few. */
export function symbolsOfPattern(
  { parts, operation, locale }: Pattern,
  lookOfThings: LookOfThings,
): Symbol[][] {
  const choices = parts.map((part) => (isLiteral(part) ? 0 : part.field.choices.length))
  const ways = Math.max(1, Math.min(mostWays, Math.max(...choices)))
  return Array.from({ length: ways }, (_, way) =>
    parts.flatMap((part) => {
      if (isLiteral(part)) return isMark(part) ? [] : [symbolOf(part.stem, part.word, locale)]
      return choiceOf(part, way) ?? [{ stem: valueOf(part, operation, lookOfThings) }]
    }),
  )
}

/** "His number" is asked for as "Peter's number" is. In Danish "her" is "here". */
const pronouns = {
  da: new Set('hun hende hendes han ham hans'.split(' ')),
  en: new Set('she her hers he him his'.split(' ')),
}

function symbolOf(stem: string, word: string, locale: Locale): Symbol {
  if (pronouns[locale].has(word)) return { stem: nameOf('person') }
  return isFunctionWord(word) ? { stem } : { stem, word }
}

/** Far apart in the list, so that few ways show much of it. */
const stride = 7

function choiceOf({ field: { choices } }: SlotPart, way: number): Symbol[] | undefined {
  const choice = choices[(way * stride) % choices.length]
  return choice?.stems.map((stem) => ({ stem, word: stem }))
}

function valueOf({ field }: SlotPart, operation: string, lookOfThings: LookOfThings): string {
  const kind = kindOf(field.type)
  const of = field.type === 'search' ? resourceOf(operation) : (field.refers ?? field.type)
  return kind === anyName ? nameOf(lookOfThings(of)) : kind
}

const nameOf = (look: string | undefined): string => (look ? `${anyName} ${look}` : anyName)

/** A sentence as symbols: names, values and words that nobody knows stand for their kind, however many they are. */
export function symbolsOfSentence(sentence: Sentence): Symbol[] {
  const found: Symbol[] = []
  const add = (kind: string): void => {
    if (found.at(-1)?.stem !== kind) found.push({ stem: kind })
  }
  const { first, last } = asking(sentence)
  for (let at = first; at <= last; at++) {
    const token = sentence.tokens[at] as Token
    const means = sentence.meanings[at] as ReadonlyMap<string, number>
    const placed = sentence.entities.find((each) => at >= each.coreFirst && at < each.last)
    const end = nameEnd(sentence, at)
    if (token.mark) continue
    if (placed) add(placed.entity.type === 'quoted' ? anyName : kindOf(placed.entity.type))
    else if (end > at) {
      add(nameOf(lookOf(sentence.tokens.slice(at, end).map(({ word }) => word))))
      at = end - 1
    } else if (isUnknown(sentence, at)) add(unknown)
    else found.push(symbolOf(nearest(means, token.stem), token.word, sentence.locale))
  }
  return found
}

/** The sentence without what asks for nothing before and behind it: "godt så, …", "… please". */
function asking({ tokens, fillers }: Sentence): { readonly first: number; readonly last: number } {
  const tells = ({ mark }: Token, at: number): boolean => !mark && fillers[at] !== true
  return { first: Math.max(0, tokens.findIndex(tells)), last: tokens.findLastIndex(tells) }
}

/** Where a name that begins here ends: words with capitals, and small ones that only names are made of. */
function nameEnd(sentence: Sentence, from: number): number {
  if (!beginsName(sentence, from)) return from
  let end = from + 1
  while (continuesName(sentence, end)) end++
  return end
}

function beginsName(sentence: Sentence, at: number): boolean {
  const { tokens, meanings } = sentence
  const { capital, word, stem, mark } = tokens[at] as Token
  if (mark || isFunctionWord(word)) return false
  if (capital) return at > 0 || meanings[at]?.has(stem) !== true
  if (!isUnknown(sentence, at) || isArticle(tokens[at - 1]?.word ?? '')) return false
  const look = lookOf(unknownFrom(sentence, at))
  return look === 'person' || (look === 'firm' && isUnknown(sentence, at + 1))
}

/** The words from here on that nobody knows: "hotel bæk", "sofie lund". */
function unknownFrom(sentence: Sentence, from: number): string[] {
  const words: string[] = []
  for (let at = from; isUnknown(sentence, at); at++) words.push((sentence.tokens[at] as Token).word)
  return words
}

function continuesName(sentence: Sentence, at: number): boolean {
  const { tokens } = sentence
  const token = tokens[at]
  if (!token || token.joined) return false
  if (token.mark) return token.text === '&' && tokens[at + 1]?.capital === true
  return token.capital || isUnknown(sentence, at)
}

function isUnknown({ tokens, meanings }: Sentence, at: number): boolean {
  const token = tokens[at]
  return token !== undefined && !token.mark && meanings[at]?.size === 0 && !isFunctionWord(token.word)
}

/** The stem itself where it is known, else what it is most like. */
function nearest(means: ReadonlyMap<string, number>, stem: string): string {
  let [best, most] = [stem, 0]
  for (const [meaning, likeness] of means)
    if (meaning === stem) return stem
    else if (likeness > most) [best, most] = [meaning, likeness]
  return best
}
