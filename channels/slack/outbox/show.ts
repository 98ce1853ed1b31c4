import type { CallRecord, Core } from '#core'
import { SlackRefusal } from '../install/api.ts'
import { firstLinkAway, type IsOwn } from '../text/links.ts'
import { piecesOf, textOf } from '../text/pieces.ts'
import { render, settledPart } from '../text/render.ts'
import { isUnsure } from './certainty.ts'
import type { Gate } from './gate.ts'
import type { Place } from './outgoing.ts'
import { Stream, type Addition } from './stream.ts'
import { callsAMinute } from './tiers.ts'
import { endedTask, taskOf, type TaskChunk } from './tasks.ts'
import type { Timer } from './timer.ts'

export interface ShowParts {
  readonly core: Core
  readonly gate: Gate
  readonly timer: Timer
  readonly isOwn: IsOwn
  /** How many streams each workspace has open: they share what may be appended. */
  readonly running: Map<string, number>
  /** Told when a stream has begun, before more is shown. */
  readonly onStream: (streams: readonly Stream[]) => Promise<unknown>
}

interface Step extends Addition {
  readonly part: number
  /** The message is full: another one follows. */
  readonly isFull: boolean
}

/** Milliseconds between two additions at first; later so many that a minute's share is never used up. */
const quickly = 300
const quickSteps = 10

/** Shows an answer while it is made, as streamed messages. Whatever cannot be shown now is left to the end. */
export class Show {
  readonly #parts: ShowParts
  readonly #place: Place
  readonly #streams: Stream[] = []
  readonly #tasks = new Map<string, TaskChunk>()
  #untold: TaskChunk[] = []
  #text = ''
  #canGoOn: boolean
  #mayHaveMore = false
  #isCounted = false
  #steps = 0
  #going: Promise<void> | undefined
  #wake: () => void = () => undefined

  constructor(parts: ShowParts, place: Place) {
    this.#parts = parts
    this.#place = place
    this.#canGoOn = place.thread !== undefined && (place.isDirect || place.recipient !== undefined)
  }

  get streams(): readonly Stream[] {
    return this.#streams
  }

  get text(): string {
    return this.#text
  }

  /** A stream may have begun of which nobody heard. */
  get mayHaveMore(): boolean {
    return this.#mayHaveMore
  }

  say(text: string): void {
    this.#text = text
    this.#go()
  }

  task(call: CallRecord): void {
    const task = taskOf(this.#parts.core, call, this.#place.locale ?? 'da')
    this.#tasks.set(task.id, task)
    this.#untold = [...this.#untold.filter(({ id }) => id !== task.id), task]
    this.#go()
  }

  /** Nothing more is shown, and nothing is on its way any more. */
  async stop(): Promise<void> {
    this.#canGoOn = false
    this.#wake()
    await this.#going
    if (this.#isCounted) this.#count(-1)
    this.#isCounted = false
  }

  /** What was not told of the tasks; none is left that still runs. */
  lastTasks(status: 'complete' | 'error'): TaskChunk[] {
    const untold = new Set(this.#untold.map(({ id }) => id))
    return [...this.#tasks.values()]
      .filter((task) => untold.has(task.id) || task.status === 'in_progress')
      .map((task) => (task.status === 'in_progress' ? endedTask(task, status) : task))
  }

  #go(): void {
    this.#going ??= this.#goOn().finally(() => {
      this.#going = undefined
      if (this.#next()) this.#go()
    })
  }

  async #goOn(): Promise<void> {
    for (let step = this.#next(); step && this.#canGoOn; step = this.#next()) {
      const isShown = await this.#take(step).catch((error: unknown) => this.#meet(error))
      if (this.#canGoOn) await this.#pause(isShown ? this.#pace() : 1_000)
    }
  }

  #next(): Step | undefined {
    if (!this.#canGoOn) return undefined
    const pieces = piecesOf(this.#showable())
    const current = this.#streams.at(-1)
    const part = current?.isOpen ? this.#streams.length - 1 : this.#streams.length
    const piece = pieces[part]
    if (!piece) return undefined
    const isFull = part < pieces.length - 1
    const target = isFull ? textOf(piece) : piece.opening + piece.body
    const text = current?.isOpen ? current.lacks(target) : target
    // What was said was taken back: only the end can put it right.
    if (text === undefined) this.#canGoOn = false
    const isSomething = isFull || Boolean(text?.trim()) || this.#untold.length > 0
    return text === undefined || !isSomething ? undefined : { part, isFull, text, tasks: this.#untold }
  }

  /** The text as far as it is certain, and up to the first link to elsewhere. */
  #showable(): string {
    const { text } = render(settledPart(this.#text), { locale: this.#place.locale ?? 'da' })
    return text.slice(0, firstLinkAway(text, this.#parts.isOwn))
  }

  /** Whether it was shown; where it was not its turn it is tried again. */
  async #take(step: Step): Promise<boolean> {
    const stream = this.#streams[step.part]
    if (!stream) return this.#begin(step)
    if (step.isFull) await stream.stop({ ...step, blocks: [], session: 'processing' })
    else if (!(await stream.append(step))) return false
    this.#told(step)
    return true
  }

  /** Without a turn for it the answer comes whole, at the end. */
  async #begin(step: Step): Promise<boolean> {
    const stream = await Stream.start(this.#parts.gate, this.#place, step).catch((error: unknown) => {
      this.#mayHaveMore = isUnsure(error)
      this.#canGoOn = false
      throw error
    })
    if (!stream) {
      this.#canGoOn = false
      return false
    }
    if (!this.#isCounted) this.#count(1)
    this.#isCounted = true
    this.#streams.push(stream)
    this.#told(step)
    await this.#parts.onStream(this.#streams)
    return true
  }

  #told({ tasks }: Step): void {
    this.#untold = this.#untold.filter((task) => !tasks.includes(task))
    this.#steps++
  }

  /** Told to wait, it waits; whatever else goes wrong is put right at the end. */
  async #meet(error: unknown): Promise<boolean> {
    const isTold = error instanceof SlackRefusal && error.kind === 'rate_limited'
    if (isTold && this.#canGoOn) await this.#pause((error.retryAfter ?? 1) * 1_000)
    else this.#canGoOn = false
    if (!(error instanceof SlackRefusal)) this.#parts.core.log.error({ err: error }, 'an answer could not be shown') // prettier-ignore
    return false
  }

  #pace(): number {
    const share = (60_000 / callsAMinute('chat.appendStream')) * (this.#parts.running.get(this.#place.workspace.id) ?? 1)
    return this.#steps < quickSteps ? quickly : Math.max(quickly, share)
  } // prettier-ignore

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const callOff = this.#parts.timer.after(milliseconds, resolve)
      this.#wake = () => {
        callOff()
        resolve()
      }
    })
  }

  #count(change: number): void {
    const { id } = this.#place.workspace
    const now = (this.#parts.running.get(id) ?? 0) + change
    if (now > 0) this.#parts.running.set(id, now)
    else this.#parts.running.delete(id)
  }
}
