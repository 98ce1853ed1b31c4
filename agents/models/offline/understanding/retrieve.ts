import type { Pattern } from './patterns.ts'
import { isLiteral } from './patterns.ts'
import type { Wording } from './sentence.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Patterns of the other language may be meant too, but seldom are. */
const otherLanguage = 0.8
/** One small word in common is no reason to look closer; nor is much less than the best has in common. */
const leastShared = 0.2
const leastOfBest = 0.2
/** A pattern all of whose words stand in the message, few as they may be, is looked at before those that share some. */
const wholly = 0.99
const allSaid = 1.6
/** A choice tells less of which operation is meant than a word of its phrases. */
const asChoice = 0.5
/** No operation crowds out the others by having many ways to be asked for. */
const mostOfOne = 16
/** So many times as many as are looked for are ranked at first. */
const seldomMore = 6

/** Which patterns are looked for, and how many at most. */
export interface Wanted {
  readonly of: (operation: string) => boolean
  readonly most: number
}

/**
 * The patterns that share most telling words with the sentence, those of each wish best first: a bag-of-words pass over
 * an inverted index, so that only a few dozen of thousands are laid along the sentence with care.
 */
export function retrieve(
  sentence: Wording,
  patterns: readonly Pattern[],
  vocabulary: Vocabulary,
  wishes: readonly Wanted[],
): ReadonlySet<Pattern> {
  const { scores, touched } = scorePatterns(sentence, patterns, vocabulary)
  const promising = promisingOf(scores, touched)
  return new Set(wishes.flatMap((wanted) => firstWanted(wanted, promising, scores, patterns)))
}

function firstWanted(
  { of, most }: Wanted,
  promising: readonly number[],
  scores: Float64Array,
  patterns: readonly Pattern[],
): Pattern[] {
  const best = ranked(bestOf(promising, scores, most * seldomMore), scores)
  const found = firstOffered(best, patterns, of, most)
  // Where much was not offered, or much was of few operations, all have to be ranked.
  if (found.length === most || best.length === promising.length) return found
  const own = promising.filter((index) => of((patterns[index] as Pattern).operation))
  return firstOffered(ranked(own, scores), patterns, of, most)
}

function promisingOf(scores: Float64Array, touched: readonly number[]): number[] {
  let best = 0
  for (const index of touched) if ((scores[index] as number) > best) best = scores[index] as number
  const least = best * leastOfBest
  return touched.filter((index) => (scores[index] as number) > least)
}

/** Those that score as much as the so-manieth does, found by a sort of plain numbers. */
function bestOf(promising: readonly number[], scores: Float64Array, most: number): readonly number[] {
  if (promising.length <= most) return promising
  const sorted = Float64Array.from(promising, (index) => scores[index] as number).sort()
  const least = sorted[sorted.length - most] as number
  return promising.filter((index) => (scores[index] as number) >= least)
}

/** Those that score alike stand in the order of the patterns. */
const ranked = (indices: readonly number[], scores: Float64Array): number[] =>
  indices.toSorted((left, right) => (scores[right] as number) - (scores[left] as number) || left - right)

function firstOffered(
  ranked: readonly number[],
  patterns: readonly Pattern[],
  offered: (operation: string) => boolean,
  most: number,
): Pattern[] {
  const found: Pattern[] = []
  const taken = new Map<string, number>()
  for (const index of ranked) {
    const pattern = patterns[index] as Pattern
    const before = taken.get(pattern.operation) ?? 0
    if (before === mostOfOne || !offered(pattern.operation)) continue
    taken.set(pattern.operation, before + 1)
    if (found.push(pattern) === most) break
  }
  return found
}

/** Of every pattern what it scores, and which share anything at all: most share nothing, and are not looked at again. */
interface Scored {
  readonly scores: Float64Array
  readonly touched: readonly number[]
}

function scorePatterns(sentence: Wording, patterns: readonly Pattern[], vocabulary: Vocabulary): Scored {
  const { scores, touched } = sharedWeight(sentence, vocabulary, patterns.length)
  const literal = literalWeights(patterns, vocabulary)
  const languages = languageWeights(patterns, sentence.locale)
  for (const index of touched) {
    const weight = scores[index] as number
    const language = languages[index] as number
    const covered = Math.min(1, weight / (literal[index] as number))
    scores[index] =
      weight < leastShared ? 0 : weight * language * (covered > wholly ? allSaid : Math.sqrt(covered))
  }
  return { scores, touched }
}

/** Each word counts once for a pattern, by what it is most like: its own stem comes before those that mean the same. */
function sharedWeight({ meanings }: Wording, vocabulary: Vocabulary, count: number): Scored {
  const scores = new Float64Array(count)
  const touched: number[] = []
  const heard = new Int32Array(count)
  const seen = new Set<string>()
  const add = (indices: readonly number[], weight: number, token: number): void => {
    for (const index of indices) {
      if (heard[index] === token) continue
      if (heard[index] === 0) touched.push(index)
      heard[index] = token
      scores[index] = (scores[index] as number) + weight
    }
  }
  meanings.forEach((each, at) => {
    for (const [stemmed, likeness] of each) {
      const isAgain = seen.has(stemmed)
      seen.add(stemmed)
      if (isAgain) continue
      const weight = vocabulary.weight(stemmed) * likeness
      add(vocabulary.patternsWith(stemmed), weight, at + 1)
      add(vocabulary.patternsChoosing(stemmed), weight * asChoice, at + 1)
    }
  })
  return { scores, touched }
}

const weighed = new WeakMap<readonly Pattern[], Float64Array>()

/** What all words of each pattern weigh, worked out once. */
function literalWeights(patterns: readonly Pattern[], vocabulary: Vocabulary): Float64Array {
  let weights = weighed.get(patterns)
  if (!weights) {
    weights = Float64Array.from(patterns, (pattern) => literalWeight(pattern, vocabulary))
    weighed.set(patterns, weights)
  }
  return weights
}

const languageWeighed = {
  da: new WeakMap<readonly Pattern[], Float64Array>(),
  en: new WeakMap<readonly Pattern[], Float64Array>(),
}

/** What the language of each pattern counts for a sentence in one of them, worked out once. */
function languageWeights(patterns: readonly Pattern[], locale: Pattern['locale']): Float64Array {
  const known = languageWeighed[locale]
  const weights =
    known.get(patterns) ?? Float64Array.from(patterns, (each) => (each.locale === locale ? 1 : otherLanguage))
  known.set(patterns, weights)
  return weights
}

const literalWeight = ({ parts }: Pattern, vocabulary: Vocabulary): number =>
  parts.reduce((sum, part) => sum + (isLiteral(part) ? vocabulary.weight(part.stem) : 0), 0)
