import { BoundedMap } from '#core'
import { SlackRefusal, type ApiOf } from '../install/api.ts'
import type { Workspace } from '../install/workspace.ts'
import { callsAMinute, isMessage, margin, messagesOfChannel } from './tiers.ts'
import type { Timer } from './timer.ts'
import { Window } from './window.ts'

type Fields = Record<string, unknown>

export interface Turn {
  /** Channels take turns, so that a busy one keeps nobody waiting. */
  readonly channel?: string | undefined
  /** Milliseconds that it may wait; as long as it takes, where none is said. */
  readonly within?: number | undefined
}

/** Lets calls out as fast as Slack takes them, in order within a channel; a call that is told to wait is made again. */
export interface Gate {
  call(workspace: Workspace, method: string, args: Fields, turn?: Turn): Promise<Fields>
  /** Makes the call if it is its turn at once; `undefined` where it is not. */
  callIfFree(workspace: Workspace, method: string, args: Fields): Promise<Fields> | undefined
  /** Nothing more goes to it: what waits is refused. */
  end(workspace: Pick<Workspace, 'id'>): void
  close(): void
}

interface Waiting {
  readonly workspace: Workspace
  readonly args: Fields
  readonly channel: string
  resolve: (answer: Fields) => void
  reject: (error: unknown) => void
}

export function createGate(api: ApiOf, timer: Timer): Gate {
  const lanes = new Map<string, Lane>()
  const laneOf = ({ id }: Workspace, method: string): Lane => {
    const key = `${id} ${method}`
    const known = lanes.get(key)
    if (known) return known
    const lane = new Lane(api, timer, method)
    lanes.set(key, lane)
    return lane
  }
  return {
    call: (workspace, method, args, turn = {}) => laneOf(workspace, method).call(workspace, args, turn),
    callIfFree: (workspace, method, args) => laneOf(workspace, method).callIfFree(workspace, args),
    end: ({ id }) => {
      for (const [key, lane] of lanes)
        if (key.startsWith(`${id} `)) {
          lane.stop(new SlackRefusal('refused', 'account_inactive'))
          lanes.delete(key)
        }
    },
    close: () => lanes.forEach((lane) => lane.stop(new SlackRefusal('unknown', 'closing'))),
  }
}

/** Channels whose pace is remembered; one that was forgotten is told by Slack itself. */
const mostChannels = 5_000

/** The calls of one method in one workspace. */
class Lane {
  readonly #api: ApiOf
  readonly #timer: Timer
  readonly #method: string
  readonly #window: Window
  readonly #channels = new BoundedMap<Window>(mostChannels)
  /** In the order of their turns. */
  readonly #waiting = new Map<string, Waiting[]>()
  #callOff: (() => void) | undefined

  constructor(api: ApiOf, timer: Timer, method: string) {
    this.#api = api
    this.#timer = timer
    this.#method = method
    this.#window = new Window(callsAMinute(method), 60_000 + margin)
  }

  call(workspace: Workspace, args: Fields, { channel = '', within }: Turn): Promise<Fields> {
    return new Promise<Fields>((resolve, reject) => {
      const waiting: Waiting = { workspace, args, channel, resolve, reject }
      this.#queueOf(channel).push(waiting)
      if (within !== undefined) this.#limit(waiting, within)
      this.#pump()
    })
  }

  callIfFree(workspace: Workspace, args: Fields): Promise<Fields> | undefined {
    const now = this.#timer.now()
    if (this.#waiting.size > 0 || this.#window.freeAt(now) > now) return undefined
    this.#window.take(now)
    return this.#ask(workspace, args, '')
  }

  stop(reason: SlackRefusal): void {
    this.#callOff?.()
    const left = [...this.#waiting.values()].flat()
    this.#waiting.clear()
    for (const { reject } of left) reject(reason)
  }

  /** Lets out what may go now, and comes back when the next one may. */
  #pump(): void {
    this.#callOff?.()
    this.#callOff = undefined
    const now = this.#timer.now()
    while (this.#window.freeAt(now) <= now) {
      const next = this.#takeNext(now)
      if (!next) break
      this.#window.take(now)
      this.#windowOf(next.channel)?.take(now)
      void this.#make(next)
    }
    if (this.#waiting.size === 0) return
    const channels = [...this.#waiting.keys()].map((channel) => this.#windowOf(channel)?.freeAt(now) ?? 0)
    const at = Math.max(this.#window.freeAt(now), Math.min(...channels))
    this.#callOff = this.#timer.after(Math.max(1, at - now), () => this.#pump())
  }

  /** The first whose channel may; its channel goes behind the others. */
  #takeNext(now: number): Waiting | undefined {
    for (const [channel, queue] of this.#waiting) {
      if ((this.#windowOf(channel)?.freeAt(now) ?? 0) > now) continue
      const next = queue.shift()
      this.#waiting.delete(channel)
      if (queue.length > 0) this.#waiting.set(channel, queue)
      return next
    }
    return undefined
  }

  async #make(next: Waiting): Promise<void> {
    try {
      next.resolve(await this.#ask(next.workspace, next.args, next.channel))
    } catch (error) {
      if (!(error instanceof SlackRefusal) || error.kind !== 'rate_limited') return next.reject(error)
      this.#queueOf(next.channel).unshift(next)
      this.#pump()
    }
  }

  async #ask(workspace: Workspace, args: Fields, channel: string): Promise<Fields> {
    try {
      return await this.#api(workspace).call(this.#method, args)
    } catch (error) {
      if (error instanceof SlackRefusal && error.kind === 'rate_limited')
        this.#rest(channel, error.retryAfter)
      throw error
    }
  }

  /** Slack does not say whether it was the channel or the workspace that was too busy: two channels are the workspace. */
  #rest(channel: string, seconds = 1): void {
    const now = this.#timer.now()
    const until = now + seconds * 1_000 + margin
    const own = this.#windowOf(channel)
    const isStorm = [...this.#waiting.keys()].some((other) => other !== channel && this.#windowOf(other)?.isPaused(now))
    own?.pauseUntil(until)
    if (!own || isStorm) this.#window.pauseUntil(until)
  } // prettier-ignore

  #limit(waiting: Waiting, within: number): void {
    const { resolve, reject } = waiting
    const callOff = this.#timer.after(within, () => this.#giveUp(waiting))
    waiting.resolve = (answer) => {
      callOff()
      resolve(answer)
    }
    waiting.reject = (error) => {
      callOff()
      reject(error)
    }
  }

  #giveUp(waiting: Waiting): void {
    const queue = this.#waiting.get(waiting.channel) ?? []
    const index = queue.indexOf(waiting)
    if (index < 0) return
    queue.splice(index, 1)
    if (queue.length === 0) this.#waiting.delete(waiting.channel)
    waiting.reject(new SlackRefusal('rate_limited', 'ratelimited'))
  }

  #queueOf(channel: string): Waiting[] {
    const known = this.#waiting.get(channel)
    if (known) return known
    const queue: Waiting[] = []
    this.#waiting.set(channel, queue)
    return queue
  }

  #windowOf(channel: string): Window | undefined {
    if (channel === '' || !isMessage(this.#method)) return undefined
    const known = this.#channels.get(channel)
    if (known) return known
    const window = new Window(messagesOfChannel.most, messagesOfChannel.milliseconds + margin)
    this.#channels.set(channel, window)
    return window
  }
}
