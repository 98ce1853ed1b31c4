/** So many calls within so many milliseconds, however they fall: what Slack counts, counted before it does. */
export class Window {
  readonly #most: number
  readonly #milliseconds: number
  readonly #taken: number[] = []
  #pausedUntil = 0

  constructor(most: number, milliseconds: number) {
    this.#most = most
    this.#milliseconds = milliseconds
  }

  /** The moment from which one more is free; not after `now` when it is. */
  freeAt(now: number): number {
    while (this.#taken.length > 0 && this.#taken[0]! <= now - this.#milliseconds) this.#taken.shift()
    const oldest = this.#taken.length < this.#most ? 0 : this.#taken[0]! + this.#milliseconds
    return Math.max(oldest, this.#pausedUntil)
  }

  take(now: number): void {
    this.#taken.push(now)
  }

  pauseUntil(moment: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, moment)
  }

  isPaused(now: number): boolean {
    return this.#pausedUntil > now
  }
}
