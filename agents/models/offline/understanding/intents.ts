import { meaningsOf } from '../language/synonyms.ts'
import { trainClassifier, type LabelledExample } from './classifier.ts'
import type { Pattern } from './patterns.ts'
import type { Sentence } from './sentence.ts'
import {
  anyName,
  isKind,
  isName,
  symbolsOfPattern,
  symbolsOfSentence,
  type LookOfThings,
  type Symbol,
} from './symbols.ts'

/** How much a sentence's words speak for each operation, against its being a request of another kind: 0 is undecided. */
export type Likelihoods = ReadonlyMap<string, number>

/** What a sentence's words speak for, whatever their order; the alignment then tells what stands where. */
export interface Intents {
  likelihoods(sentence: Sentence): Likelihoods
}

/** `outside` are requests that no operation answers. */
export function learnIntents(
  patterns: readonly Pattern[],
  outside: readonly Sentence[],
  look: LookOfThings,
): Intents {
  const classifier = trainClassifier([
    ...patterns.flatMap((pattern) =>
      symbolsOfPattern(pattern, look).map((each) => exampleOf(each, pattern.operation)),
    ),
    ...outside.map((sentence) => exampleOf(symbolsOfSentence(sentence), nothing)),
  ])
  const none = classifier.labels.indexOf(nothing)
  return {
    likelihoods: (sentence) => {
      const scores = classifier.score(featuresOf(symbolsOfSentence(sentence)))
      const least = scores[none] ?? 0
      return new Map(classifier.labels.map((label, at) => [label, (scores[at] as number) - least]))
    },
  }
}

const nothing = ''
const exampleOf = (symbols: readonly Symbol[], label: string): LabelledExample => ({
  features: featuresOf(symbols),
  label,
})

/** Words, their meanings, neighbours with and without the small words between, and pieces of four letters, as numbers. */
function featuresOf(symbols: readonly Symbol[]): number[] {
  const found = new Set<number>()
  const telling: string[] = []
  for (const { stem, word } of symbols) {
    found.add(numbered('word', stem))
    for (const meaning of meaningsOf(stem)) found.add(numbered('meaning', String(meaning)))
    if (isName(stem)) found.add(numbered('word', anyName))
    if (word !== undefined || isKind(stem)) telling.push(stem)
    if (word !== undefined) addPieces(word, found)
  }
  addNeighbours('next', symbols.map(({ stem }) => (isName(stem) ? anyName : stem)), found) // prettier-ignore
  addNeighbours('near', telling, found)
  return [...found]
}

function addNeighbours(relation: string, stems: readonly string[], found: Set<number>): void {
  for (let at = 0; at <= stems.length; at++)
    found.add(numbered(relation, stems[at - 1] ?? '^', stems[at] ?? '$'))
}

const pieceLength = 4

function addPieces(word: string, found: Set<number>): void {
  const whole = `<${word}>`
  for (let at = 0; at + pieceLength <= whole.length; at++)
    found.add(numbered('piece', whole.slice(at, at + pieceLength)))
}

/** A number of 32 bits for some words together (FNV-1a): two that share one are too few to matter. */
function numbered(...words: readonly string[]): number {
  let hash = 2_166_136_261
  for (const word of words) {
    for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 16_777_619)
    hash = Math.imul(hash ^ 31, 16_777_619)
  }
  return hash >>> 0
}
