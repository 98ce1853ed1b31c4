import type { Locale } from '#core'
import danishHeldOut from './sets/da.heldOut.json' with { type: 'json' }
import danishTuning from './sets/da.tuning.json' with { type: 'json' }
import englishHeldOut from './sets/en.heldOut.json' with { type: 'json' }
import englishTuning from './sets/en.tuning.json' with { type: 'json' }

/**
 * What a value of an argument is held against. A text: the same text, whatever its capitals and accents; where the
 * argument points to a thing, that thing's name; a day such as `2026-11-20`, by the company's calendar; with `≈` before
 * it, at most two days from it. `{ has }`: every one of these texts is in it. `{ any }`: whatever it is.
 */
export type Wanted =
  | string
  | number
  | boolean
  | { readonly has: readonly string[] }
  | { readonly any: true }
  | { readonly [field: string]: Wanted }
  | readonly Wanted[]

/** One operation that answers a sentence, and its arguments. */
export interface Meaning {
  readonly operation: string
  readonly input: Readonly<Record<string, Wanted>>
  /** Arguments that may be there too. */
  readonly may?: readonly string[]
}

/** A sentence that asks for something, and the meanings that are right, the plainest first. */
export interface Asked extends Meaning {
  readonly say: string
  readonly or?: readonly Meaning[]
}

/** One turn of a conversation: something asked, something that wants a question back, or something out of scope. */
export type Said =
  | Asked
  | { readonly say: string; readonly asks: true }
  | { readonly say: string; readonly outside: true }

export interface EvaluationSet {
  readonly calls: readonly Asked[]
  /** Sentences that no operation answers. */
  readonly outside: readonly string[]
  readonly conversations: readonly (readonly Said[])[]
}

/** `tuning` may be studied; `heldOut` is for measuring alone, and no sentence of it is ever worked for. */
export const halves = ['tuning', 'heldOut'] as const
export type Half = (typeof halves)[number]

export const sets = {
  da: { tuning: danishTuning, heldOut: danishHeldOut },
  en: { tuning: englishTuning, heldOut: englishHeldOut },
} as unknown as Readonly<Record<Locale, Readonly<Record<Half, EvaluationSet>>>>

/** Every sentence of a set that may be understood by itself. */
export const sentencesOf = ({ calls, outside, conversations }: EvaluationSet): string[] => [
  ...calls.map(({ say }) => say),
  ...outside,
  ...conversations.flatMap((turns) => turns.map(({ say }) => say)),
]
