import type { Locale } from '#core'
import type { Entity } from '../entities/entity.ts'
import { recognize, type Surroundings } from '../entities/recognize.ts'
import { detectLanguage } from '../language/detect.ts'
import { fillersIn } from '../language/fillers.ts'
import { tokenize, type Token } from '../language/tokens.ts'
import type { Vocabulary } from './vocabulary.ts'

/** The words of a sentence, its language, and what each word may stand for. */
export interface Wording {
  readonly locale: Locale
  readonly tokens: readonly Token[]
  readonly meanings: readonly ReadonlyMap<string, number>[]
}

/** A sentence taken apart: its words, and the typed things in it. */
export interface Sentence extends Wording {
  readonly text: string
  readonly entities: readonly Placed[]
  /** Which tokens ask for nothing: politeness, "right now". */
  readonly fillers: readonly boolean[]
}

/** An entity by tokens: `first` to `last` (exclusive), the value itself from `coreFirst`. */
export interface Placed {
  readonly entity: Entity
  readonly first: number
  readonly coreFirst: number
  readonly last: number
}

/** Longer texts are read by their beginning: no command needs more, and the time spent stays bounded. */
const longestRead = 1_500

export function readSentence(
  text: string,
  vocabulary: Vocabulary,
  isNoun: (stemmed: string) => boolean,
  surroundings: Surroundings,
  otherwise: Locale,
): Sentence {
  const wording = readWords(text, vocabulary, isNoun, otherwise)
  const { tokens } = wording
  const entities = recognize(text.slice(0, longestRead), surroundings).flatMap((entity) =>
    place(entity, tokens),
  )
  return { text, ...wording, entities, fillers: fillersIn(tokens) }
}

/** The words alone, where it makes no difference which things stand among them. */
export function readWords(
  text: string,
  vocabulary: Vocabulary,
  isNoun: (stemmed: string) => boolean,
  otherwise: Locale,
): Wording {
  const tokens = tokenize(text.slice(0, longestRead), isNoun)
  const locale = detectLanguage(tokens, otherwise, vocabulary.languages)
  const meanings = tokens.map((token, index) => vocabulary.meanings(token, index === 0))
  return { locale, tokens, meanings }
}

function place(entity: Entity, tokens: readonly Token[]): Placed[] {
  const first = tokens.findIndex((token) => token.end > entity.start)
  const coreFirst = tokens.findIndex((token) => token.end > entity.core)
  const behind = tokens.findIndex((token) => token.start >= entity.end)
  return first < 0 ? [] : [{ entity, first, coreFirst, last: behind < 0 ? tokens.length : behind }]
}

/** The text from one token to another (exclusive), as it was written. */
export function spanText({ text, tokens }: Sentence, first: number, last: number): string {
  const start = tokens[first]?.start
  const end = tokens[last - 1]?.end
  return start === undefined || end === undefined ? '' : text.slice(start, end)
}
