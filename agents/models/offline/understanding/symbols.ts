import { lookOf } from '../language/callings.ts'
import type { Token } from '../language/tokens.ts'
import { isArticle, isFunctionWord } from '../language/words.ts'
import { resourceOf } from '../card.ts'
import { isLiteral, isMark, type Pattern, type SlotPart } from './patterns.ts'
import type { Sentence } from './sentence.ts'

/** A word or a value as the intents know it: a stem, or the kind of a value such as `§name`. */
export interface Symbol {
  readonly stem: string
  /** The word itself, where it is one that tells something. */
  readonly word?: string
}

/** A name of which it does not show whether it is a person's or a firm's; what does show so begins with it. */
export const anyName = '§name'
export const isName = (stem: string): boolean => stem.startsWith(anyName)
export const isKind = (stem: string): boolean => stem.startsWith('§')

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
  text: '§text',
  free: '§text',
  quoted: '§name',
}
const kindOf = (type: string): string => kinds[type] ?? '§name'

/** What the names of a resource's things look like, or the values of a kind of field. */
export type LookOfThings = (kind: string) => 'person' | 'firm' | undefined

/** A phrase as symbols, once for each of the words that a choice in it may be said with, up to a few. */
export function symbolsOfPattern({ parts, operation }: Pattern, lookOfThings: LookOfThings): Symbol[][] {
  const ways = Math.max(1, ...parts.map((part) => (isLiteral(part) ? 1 : Math.min(mostWays, part.field.choices.length)))) // prettier-ignore
  return Array.from({ length: ways }, (_, way) =>
    parts.flatMap((part): Symbol[] =>
      isLiteral(part)
        ? isMark(part)
          ? []
          : [symbolOf(part)]
        : valueOf(
            part,
            way,
            lookOfThings(
              part.field.type === 'search' ? resourceOf(operation) : (part.field.refers ?? part.field.type),
            ),
          ),
    ),
  )
}

const mostWays = 4

const symbolOf = ({ stem, word }: { readonly stem: string; readonly word: string }): Symbol =>
  isFunctionWord(word) ? { stem } : { stem, word }

function valueOf({ field }: SlotPart, way: number, look: string | undefined): Symbol[] {
  const { choices, type } = field
  if (choices.length === 0)
    return [{ stem: kindOf(type) === '§name' && look ? `§name ${look}` : kindOf(type) }]
  const { stems } = choices[(way * 7) % choices.length] as (typeof choices)[number]
  return stems.map((stem) => ({ stem, word: stem }))
}

/** A sentence as symbols: names, values and words that nobody knows stand for their kind, however many they are. */
export function symbolsOfSentence({ tokens, entities, meanings, fillers }: Sentence): Symbol[] {
  const found: Symbol[] = []
  const add = (kind: string): void => {
    if (found.at(-1)?.stem !== kind) found.push({ stem: kind })
  }
  const isIdle = (at: number): boolean => tokens[at]?.mark === true || fillers[at] === true
  const [first, last] = [
    tokens.findIndex((_, at) => !isIdle(at)),
    tokens.findLastIndex((_, at) => !isIdle(at)),
  ]
  for (let at = Math.max(0, first); at <= last; at++) {
    const token = tokens[at] as Token
    if (token.mark) continue
    const placed = entities.find(({ coreFirst, last }) => at >= coreFirst && at < last)
    const means = meanings[at] as ReadonlyMap<string, number>
    const end = nameEnd(tokens, meanings, at)
    if (placed) add(kindOf(placed.entity.type))
    else if (end > at) {
      add(nameKind(tokens.slice(at, end)))
      at = end - 1
    } else if (means.size === 0 && !isFunctionWord(token.word)) add('§text')
    else found.push(symbolOf({ stem: means.has(token.stem) ? token.stem : nearest(means, token.stem), word: token.word })) // prettier-ignore
  }
  return found
}

/** Where a name that begins here ends: words with capitals, and small ones that only names are made of. */
function nameEnd(tokens: readonly Token[], meanings: Sentence['meanings'], from: number): number {
  let end = from
  while (end < tokens.length && isOfName(tokens, meanings, end, end > from)) end++
  return end
}

function isOfName(
  tokens: readonly Token[],
  meanings: Sentence['meanings'],
  at: number,
  inside: boolean,
): boolean {
  const token = tokens[at]
  if (!token || (inside && token.joined)) return false
  if (token.mark) return inside && token.text === '&' && tokens[at + 1]?.capital === true
  if (token.capital)
    return (inside || !isFunctionWord(token.word)) && (at > 0 || meanings[at]?.has(token.stem) !== true)
  const isUnknown = meanings[at]?.size === 0 && !isFunctionWord(token.word)
  return (
    isUnknown && (inside || (lookOf([token.word]) !== undefined && !isArticle(tokens[at - 1]?.word ?? '')))
  )
}

const nameKind = (tokens: readonly Token[]): string => {
  const look = lookOf(tokens.map(({ word }) => word))
  return look ? `§name ${look}` : '§name'
}

const nearest = (means: ReadonlyMap<string, number>, otherwise: string): string => {
  let [best, most] = [otherwise, 0]
  for (const [stem, likeness] of means) if (likeness > most) [best, most] = [stem, likeness]
  return best
}
