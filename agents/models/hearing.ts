import { randomUUID } from 'node:crypto'

/** Hears the words of answers as they are written; `answer` is the id of the one that they belong to. */
export type Hear = (answer: string, words: string) => void

/**
 * One answer as somebody listens to it. Its words and its end are told once, as soon as anybody here knows of them: from the
 * vendor's bytes where those are looked into, else when LangChain hands on what it has made of them.
 */
export class Hearing {
  readonly id = freshAnswerId()
  readonly #hear: Hear
  readonly #hearEnd: () => void
  #ahead = ''
  #isOver = false

  constructor(hear: Hear, hearEnd: () => void = () => undefined) {
    this.#hear = hear
    this.#hearEnd = hearEnd
  }

  /** Words that LangChain has not handed on yet. */
  get ahead(): string {
    return this.#ahead
  }

  early(words: string): void {
    this.#ahead += words
    this.#hear(this.id, words)
  }

  /** The vendor has said all of it; LangChain has still to gather it. */
  over(): void {
    if (!this.#isOver) this.#hearEnd()
    this.#isOver = true
  }

  /** Words that LangChain hands on; told as far as they were not before. */
  handedOn(words: string): void {
    const known = Math.min(this.#ahead.length, words.length)
    this.#ahead = this.#ahead.slice(known)
    if (words.length > known) this.#hear(this.id, words.slice(known))
  }
}

/** An id of ours for one answer, which all of its pieces carry. */
export const freshAnswerId = (): string => `answer-${randomUUID()}`
