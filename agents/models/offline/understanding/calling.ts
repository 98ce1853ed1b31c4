import type { OfflineBrain } from '../brain.ts'
import { lookOf } from '../language/callings.ts'
import type { Token } from '../language/tokens.ts'
import { isArticle, isFunctionWord, isNameParticle } from '../language/words.ts'
import type { Field } from './fields.ts'
import { ordinalIn } from './ordinals.ts'
import { isPronoun } from './pronouns.ts'
import type { Sentence } from './sentence.ts'

/** The sentence that spans are measured in, and what is known of words. */
export interface Scene {
  readonly brain: OfflineBrain
  readonly sentence: Sentence
}

export const people = 'platform.people'

/** "the garage door", "min bil": a kind of thing that nothing here is about, rather than somebody's name. */
const commonNoun = 0.25
/** "the Eiffel Tower": people and firms are seldom called with an article. */
const afterArticle = 0.5
/** "kaffemaskinen", "vejret"; but "kirsten" and "torben" are names. */
const grownArticle = /(?:.{6}en|.{4}et|.{5}erne)$/
const superlative = /(?:.{3}este?|^stoerste|^bedste|^best)$/

/** How far small letters read as a name: people and companies are seldom called by a word with an article, before it or grown on. */
export function asCalled(
  { brain, sentence: { tokens } }: Scene,
  first: number,
  last: number,
  { refers }: Field,
): number {
  const span = tokens.slice(first, last)
  if (brain.looks(refers ?? '') && span[0]?.capital && isArticle(tokens[first - 1]?.word ?? ''))
    return afterArticle
  if (span.some((token) => token.capital || token.mark || brain.nouns.has(token.stem)) || pointsBack(span))
    return 1
  if (isArticle(tokens[first - 1]?.word ?? '')) return commonNoun
  if (refers !== people && first === 0 && span.length === 1) return commonNoun
  if (isTitled(brain, refers)) return 1
  if (span.some(({ word }) => (isFunctionWord(word) && !isNameParticle(word)) || superlative.test(word)))
    return 0
  return span.length === 1 && grownArticle.test(span[0]?.word ?? '') ? commonNoun : 1
}

/** A firm is not called "Hanne Jensen", nor a person "Hotel Bæk", unless its kind is said with it. */
const otherLook = 0.4
export function asLooks({ brain }: Scene, span: readonly Token[], { type, refers }: Field): number {
  const wanted = brain.looks(refers ?? type)
  if (!wanted || span.some(({ stem, capital }) => !capital && brain.nouns.names(stem, refers ?? ''))) return 1
  const look = lookOf(span.map(({ word }) => word))
  return look && look !== wanted ? otherLook : 1
}

/** "York" of "New York" is not what was named. */
export const halfName = 0.3

export function cutsName({ sentence: { tokens }, brain }: Scene, first: number, last: number): boolean {
  const isLarge = (at: number): boolean => tokens[at]?.capital === true && !tokens[at].joined
  const isOfName = (at: number): boolean =>
    isLarge(at) && brain.vocabulary.languages(tokens[at]?.stem ?? '') === undefined
  return (first > 1 && isOfName(first) && isLarge(first - 1)) || (isOfName(last - 1) && isOfName(last))
}

/** "deals" of "Big deals" ends what one thing is called before another begins: "call Store aftaler Big deals". */
export const cutsTitle = (
  { sentence: { tokens } }: Scene,
  field: Field,
  first: number,
  last: number,
): boolean =>
  isWordy(field) &&
  tokens[first - 1]?.capital === true &&
  first > 1 &&
  tokens[first]?.capital === false &&
  tokens.slice(first, last).some(({ capital }) => capital)

/** Deals and tasks have titles, which hold any words; people and companies have names. */
export function isTitled({ skills }: OfflineBrain, resource: string | undefined): boolean {
  const creator = skills.get(`${resource}.create`) ?? skills.get(`${resource}.update`)
  return creator?.fields.some((field) => field.type === 'text' || field.type === 'free') === true && !creator.fields.some((field) => field.type === 'personName' || field.type === 'companyName') // prettier-ignore
}

export const isWordy = ({ type }: Field): boolean => type === 'text' || type === 'stage' || type === 'search'

/** "hende", "that one", "den første". */
export function pointsBack(span: readonly Token[]): boolean {
  const words = span.map((token) => token.word).join(' ')
  return isPronoun(words) || ordinalIn(words) !== undefined
}
