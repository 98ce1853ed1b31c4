/** Milliseconds between two pieces of what is written word by word: twelve times a second is smooth to whoever reads. */
export const smooth = 80
/** Pieces at the beginning that are never held back: whoever asked waits for them. */
const atOnce = 8
/** Milliseconds by which pieces may pass early: a timer for so little costs more than it joins. */
const early = 10

/**
 * Joins what comes within so many milliseconds of what was passed on last, so that what is written word by word is handled
 * a few words at a time. What comes after a longer silence passes as soon as all has been added that was read with it.
 */
export class Together {
  readonly #within: () => number
  readonly #pass: (bytes: Uint8Array) => void
  #waiting: Uint8Array[] = []
  #timer: NodeJS.Timeout | undefined
  #passed = 0
  #passedAt = -Infinity

  /** Asked with each piece for the milliseconds. */
  constructor(within: () => number, pass: (bytes: Uint8Array) => void) {
    this.#within = within
    this.#pass = pass
  }

  add(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    if (this.#waiting.length > 1) return
    const left = this.#passedAt + this.#within() - performance.now()
    if (this.#passed < atOnce || left <= early) queueMicrotask(() => this.flush())
    else this.#timer = setTimeout(() => this.flush(), left)
  }

  /** Passes on what waits, now that nothing more comes. */
  flush(): void {
    const waiting = this.#waiting
    this.drop()
    if (waiting.length === 0) return
    this.#passed++
    this.#passedAt = performance.now()
    this.#pass(waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting))
  }

  /** Forgets what waits. */
  drop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting = []
  }
}
