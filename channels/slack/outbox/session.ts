import type { Gate } from './gate.ts'
import type { Place } from './outgoing.ts'
import type { Timer } from './timer.ts'

export type SessionStatus = 'processing' | 'active' | 'suspended'

/** Slack lets go of `processing` by itself after an hour; what takes long says so now and then. */
const refreshedEvery = 10 * 60_000

/** What Slack shows of the agent's work in a thread, with its Stop button. Best effort: an answer does not wait for it. */
export class Session {
  readonly #gate: Gate
  readonly #timer: Timer
  readonly #place: Place
  #last: Promise<unknown> = Promise.resolve()
  #callOff: (() => void) | undefined

  constructor(gate: Gate, timer: Timer, place: Place) {
    this.#gate = gate
    this.#timer = timer
    this.#place = place
  }

  /** Says that work goes on; where that would have to wait it is not said. */
  begin(): void {
    const asked = this.#args('processing')
    if (!asked) return
    this.#say(this.#gate.callIfFree(this.#place.workspace, method, asked))
    this.#callOff = this.#timer.after(refreshedEvery, () => this.begin())
  }

  /** Nothing of it comes later than what is said next. */
  async quiet(): Promise<void> {
    this.#callOff?.()
    await this.#last
  }

  async end(status: SessionStatus): Promise<void> {
    await this.quiet()
    const asked = this.#args(status)
    if (asked) this.#say(this.#gate.call(this.#place.workspace, method, asked))
    await this.#last
  }

  #say(call: Promise<unknown>): void {
    this.#last = Promise.allSettled([this.#last, call])
  }

  #args(status: SessionStatus): Record<string, unknown> | undefined {
    const { channel, thread } = this.#place
    return thread === undefined ? undefined : { channel_id: channel, thread_ts: thread, status }
  }
}

const method = 'agents.sessions.setStatus'
