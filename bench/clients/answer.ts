import { now } from '../measure/clock.ts'

/** What came in while somebody watched. */
export interface Watched {
  words: number
  frames: number
  /** Microseconds of the longest gap between two frames, beyond the model's own pace. */
  longestStall: number
}

/** One answer as it comes, as server-sent events whose words are the moments at which the model sent them. */
export class Answer {
  /** Microseconds that the first and the last word were under way; nothing before there is one. */
  first: number | undefined
  last: number | undefined
  /** When the last word was sent, and when it came. */
  sentAt = 0
  #cameAt = 0
  #rest = ''

  read(text: string, watched: Watched): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop()!
    for (const block of blocks) {
      if (block.startsWith('event: error')) throw new Error(block)
      if (block.startsWith('event: text')) this.#words(wordsOf(block), watched)
    }
  }

  #words(sent: readonly number[], watched: Watched): void {
    const cameAt = now()
    const gap = cameAt - this.#cameAt
    const pace = sent[0]! - this.sentAt
    if (this.first !== undefined) watched.longestStall = Math.max(watched.longestStall, gap - pace)
    watched.words += sent.length
    watched.frames++
    this.#cameAt = cameAt
    this.sentAt = sent.at(-1)!
    this.first ??= cameAt - sent[0]!
    this.last = cameAt - this.sentAt
  }
}

function wordsOf(block: string): number[] {
  const { delta } = JSON.parse(block.slice(block.indexOf('{'))) as { delta: string }
  return delta
    .trim()
    .split(' ')
    .map((word) => Number.parseInt(word, 36))
}
