import { isFunctionWord } from '../language/words.ts'
import type { Field } from './fields.ts'
import { isLiteral, isMark, type Literal, type Part, type Pattern, type SlotPart } from './patterns.ts'
import type { Sentence } from './sentence.ts'
import type { SpanQuality } from './spans.ts'

/** A pattern laid along a sentence: which tokens each slot took, and how much of both sides was explained. */
export interface Alignment {
  readonly pattern: Pattern
  /** 0 to 1: explained weight over all weight. */
  readonly score: number
  readonly matched: number
  readonly slots: readonly Slot[]
  /** Tokens that no part of the pattern explains. */
  readonly skipped: readonly number[]
}

export interface Slot {
  readonly field: Field
  readonly first: number
  readonly last: number
}

interface AlignmentCosts {
  readonly weight: (stemmed: string) => number
  readonly quality: (slot: SlotPart) => SpanQuality
  /** Words less like a pattern's own than this are not taken for them. */
  readonly leastLikeness: number
  /** What leaving each token unexplained costs, or (negative) earns, for the pattern's operation. */
  readonly leftOver: Float64Array
}

const slotWorth = 0.45
/** How far a value that reads badly, and one that can hardly be a value, speak against the pattern. */
const doubt = { bad: 0.8, hardly: 1.8 }
const leastReadable = 0.3
const longestSpan = 14
const missedSlot = 0.3
const missedLiteral = 0.6
const missedFunctionWord = 0.04
/** A word that tells where a slot ends: without it one name would be taken for two. */
const missedBorder = { between: 0.46, beside: 0.4 }
/** The word itself counts a little more than another form of it. */
const otherForm = 0.93

/** The best way to lay the pattern along the sentence (dynamic programming over tokens and parts, from the end). */
export function align(pattern: Pattern, sentence: Sentence, costs: AlignmentCosts): Alignment {
  const table = new Table(pattern, sentence, costs)
  for (let token = sentence.tokens.length; token >= 0; token--) {
    for (let part = pattern.parts.length; part >= 0; part--) table.choose(token, part)
  }
  return table.trace()
}

const move = { none: 0, match: 1, skipPart: 2, skipToken: 3, slot: 4 } as const

class Table {
  readonly #pattern: Pattern
  readonly #sentence: Sentence
  readonly #costs: AlignmentCosts
  readonly #width: number
  readonly #best: Float64Array
  readonly #kind: Uint8Array
  readonly #length: Uint16Array
  readonly #gain: Float64Array
  readonly #loss: Float64Array

  constructor(pattern: Pattern, sentence: Sentence, costs: AlignmentCosts) {
    this.#pattern = pattern
    this.#sentence = sentence
    this.#costs = costs
    this.#width = pattern.parts.length + 1
    const cells = (sentence.tokens.length + 1) * this.#width
    this.#best = new Float64Array(cells).fill(Number.NEGATIVE_INFINITY)
    this.#best[cells - 1] = 0
    this.#kind = new Uint8Array(cells)
    this.#length = new Uint16Array(cells)
    this.#gain = new Float64Array(cells)
    this.#loss = new Float64Array(cells)
  }

  /** Settles one cell: what is best to do with the rest of the sentence from this token and part on. */
  choose(token: number, at: number): void {
    const here = token * this.#width + at
    const part = this.#pattern.parts[at]
    const isEnd = token === this.#sentence.tokens.length
    if (!isEnd) {
      const cost = this.#costs.leftOver[token] as number
      this.#take(here, here + this.#width, move.skipToken, 1, cost < 0 ? -cost : 0, cost > 0 ? cost : 0)
    }
    if (!part) return
    this.#take(here, here + 1, move.skipPart, 0, 0, missedCost(part, this.#costs))
    if (isEnd) return
    if (isLiteral(part)) this.#match(here, token, part)
    else this.#fillSlot(here, token, at, part)
  }

  #match(here: number, token: number, part: Literal): void {
    const { meanings, tokens } = this.#sentence
    const likeness = meanings[token]?.get(part.stem)
    if (likeness === undefined || likeness < this.#costs.leastLikeness) return
    const form = tokens[token]?.word === part.word ? 1 : otherForm
    const gain = isMark(part) ? 0 : this.#costs.weight(part.stem) * likeness * form
    this.#take(here, here + this.#width + 1, move.match, 1, gain, 0)
  }

  #fillSlot(here: number, token: number, at: number, part: SlotPart): void {
    const count = this.#sentence.tokens.length
    const limit = part.field.type === 'free' ? count : Math.min(count, token + longestSpan)
    const measure = this.#costs.quality(part)
    for (let last = token + 1; last <= limit; last++) {
      const quality = measure(token, last)
      if (quality <= 0) continue
      const next = last * this.#width + at + 1
      this.#take(
        here,
        next,
        move.slot,
        last - token,
        slotWorth * quality,
        slotWorth * (1 - quality) * (quality < leastReadable ? doubt.hardly : doubt.bad),
      )
    }
  }

  #take(here: number, next: number, kind: number, length: number, gain: number, loss: number): void {
    const value = (this.#best[next] as number) + gain - loss
    if (value <= (this.#best[here] as number)) return
    this.#best[here] = value
    this.#kind[here] = kind
    this.#length[here] = length
    this.#gain[here] = gain
    this.#loss[here] = loss
  }

  /** Walks the chosen moves from the start. */
  trace(): Alignment {
    const slots: Slot[] = []
    const skipped: number[] = []
    let [token, part, matched, missed] = [0, 0, 0, 0]
    for (let kind = this.#kind[0]; kind; kind = this.#kind[token * this.#width + part]) {
      const here = token * this.#width + part
      const length = this.#length[here] as number
      matched += this.#gain[here] as number
      missed += this.#loss[here] as number
      const filled = this.#pattern.parts[part]
      if (kind === move.slot && filled && !isLiteral(filled))
        slots.push({ field: filled.field, first: token, last: token + length })
      if (kind === move.skipToken) skipped.push(token)
      else part += 1
      token += length
    }
    return {
      pattern: this.#pattern,
      score: matched <= 0 ? 0 : matched / (matched + missed),
      matched,
      slots,
      skipped,
    }
  }
}

function missedCost(part: Part, { weight }: AlignmentCosts): number {
  if (!isLiteral(part)) return missedSlot
  if (isMark(part)) return missedBorder.between
  if (isFunctionWord(part.word)) return part.border ? missedBorder[part.border] : missedFunctionWord
  return missedLiteral * weight(part.stem)
}
