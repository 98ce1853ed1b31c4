import { oncePer } from '#core'
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
  const board = boardOf(patterns)
  try {
    addShared(board, sentence, vocabulary)
    const promising = promisingOf(board, scoringOf(sentence, patterns, vocabulary))
    return new Set(wishes.flatMap((wanted) => firstWanted(wanted, promising, board.scores, patterns)))
  } finally {
    wipe(board)
  }
}

function firstWanted(
  { of, most }: Wanted,
  promising: readonly number[],
  scores: Float32Array,
  patterns: readonly Pattern[],
): Pattern[] {
  const best = ranked(bestOf(promising, scores, most * seldomMore), scores)
  const found = firstOffered(best, patterns, of, most)
  // Where much was not offered, or much was of few operations, all have to be ranked.
  if (found.length === most || best.length === promising.length) return found
  const own = promising.filter((index) => of((patterns[index] as Pattern).operation))
  return firstOffered(ranked(own, scores), patterns, of, most)
}

/** Patterns that share too little to come near the best, however much of them it is, are passed by: most are. */
function promisingOf({ scores, touched, count, most }: Board, scored: Scoring): number[] {
  let best = count === 0 ? 0 : scored(most, scores[most] as number)
  const near: number[] = []
  for (let at = 0; at < count; at++) {
    const index = touched[at] as number
    const shared = scores[index] as number
    if (shared < leastShared || shared * allSaid <= best * leastOfBest) continue
    scores[index] = scored(index, shared)
    best = Math.max(best, scores[index])
    near.push(index)
  }
  return near.filter((index) => (scores[index] as number) > best * leastOfBest)
}

/** Those that score as much as the so-manieth does, found by a sort of plain numbers. */
function bestOf(promising: readonly number[], scores: Float32Array, most: number): readonly number[] {
  if (promising.length <= most) return promising
  const sorted = Float32Array.from(promising, (index) => scores[index] as number).sort()
  const least = sorted[sorted.length - most] as number
  return promising.filter((index) => (scores[index] as number) >= least)
}

/** Those that score alike stand in the order of the patterns. */
const ranked = (indices: readonly number[], scores: Float32Array): number[] =>
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

/**
 * What every pattern shares with a sentence, and then what it scores for that. The first `count` of `touched` share
 * something, `most` the most. A board is written on for one sentence after the other and wiped between them, and is small:
 * a new one for each sentence, and what has to come from memory, would cost more than all that is reckoned.
 */
interface Board {
  readonly scores: Float32Array
  readonly touched: Int32Array
  /** By which word of the sentence a pattern was heard last, counted from 1. */
  readonly heard: Uint16Array
  count: number
  most: number
}

const boardOf = oncePer(({ length }: readonly Pattern[]): Board => ({
  scores: new Float32Array(length),
  touched: new Int32Array(length),
  heard: new Uint16Array(length),
  count: 0,
  most: 0,
}))

function wipe(board: Board): void {
  for (let at = 0; at < board.count; at++) {
    const index = board.touched[at] as number
    board.scores[index] = 0
    board.heard[index] = 0
  }
  board.count = 0
  board.most = 0
}

/** Each word counts once for a pattern, by what it is most like: its own stem comes before those that mean the same. */
function addShared(board: Board, { meanings }: Wording, vocabulary: Vocabulary): void {
  const seen = new Set<string>()
  meanings.forEach((each, at) => {
    for (const [stemmed, likeness] of each) {
      if (seen.has(stemmed)) continue
      seen.add(stemmed)
      const weight = vocabulary.weight(stemmed) * likeness
      addTo(board, vocabulary.patternsWith(stemmed), weight, at + 1)
      addTo(board, vocabulary.patternsChoosing(stemmed), weight * asChoice, at + 1)
    }
  })
}

function addTo(board: Board, indices: Int32Array, weight: number, word: number): void {
  const { scores, touched, heard } = board
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at] as number
    const before = heard[index]
    if (before === word) continue
    if (before === 0) touched[board.count++] = index
    heard[index] = word
    const shared = (scores[index] as number) + weight
    scores[index] = shared
    if (shared > (scores[board.most] as number)) board.most = index
  }
}

/** What a pattern scores for what it shares: by how much of the pattern that is, and by the pattern's language. */
type Scoring = (index: number, shared: number) => number

function scoringOf({ locale }: Wording, patterns: readonly Pattern[], vocabulary: Vocabulary): Scoring {
  const literal = literalWeights(patterns, vocabulary)
  const languages = languageWeights[locale](patterns)
  return (index, shared) => {
    const covered = Math.min(1, shared / (literal[index] as number))
    return shared * (languages[index] as number) * (covered > wholly ? allSaid : Math.sqrt(covered))
  }
}

const weighed = new WeakMap<readonly Pattern[], Float32Array>()

/** What all words of each pattern weigh, worked out once. */
function literalWeights(patterns: readonly Pattern[], vocabulary: Vocabulary): Float32Array {
  let weights = weighed.get(patterns)
  if (!weights) {
    weights = Float32Array.from(patterns, (pattern) => literalWeight(pattern, vocabulary))
    weighed.set(patterns, weights)
  }
  return weights
}

/** What the language of each pattern counts for a sentence in one of them. */
const languageWeights = {
  da: oncePer((patterns: readonly Pattern[]) => languageWeightsFor('da', patterns)),
  en: oncePer((patterns: readonly Pattern[]) => languageWeightsFor('en', patterns)),
}

const languageWeightsFor = (locale: Pattern['locale'], patterns: readonly Pattern[]): Float32Array =>
  Float32Array.from(patterns, (pattern) => (pattern.locale === locale ? 1 : otherLanguage))

const literalWeight = ({ parts }: Pattern, vocabulary: Vocabulary): number =>
  parts.reduce((sum, part) => sum + (isLiteral(part) ? vocabulary.weight(part.stem) : 0), 0)
