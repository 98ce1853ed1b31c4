import { BoundedMap } from '#core'
import { SlackRefusal, type ApiOf } from '../install/api.ts'
import type { Workspace } from '../install/workspace.ts'
import { countedChannel, type Pace } from './pace.ts'
import { margin } from './tiers.ts'
import type { Timer } from './timer.ts'

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
  callIfFree(workspace: Workspace, method: string, args: Fields): Promise<Fields | undefined>
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

export interface GateParts {
  readonly api: ApiOf
  readonly pace: Pace
  readonly timer: Timer
}

export function createGate(parts: GateParts): Gate {
  const queues = new Map<string, Queue>()
  const queueOf = ({ id }: Workspace, method: string): Queue => {
    const key = `${id} ${method}`
    const known = queues.get(key)
    if (known) return known
    const queue = new Queue(parts, method)
    queues.set(key, queue)
    return queue
  }
  return {
    call: (workspace, method, args, turn = {}) => queueOf(workspace, method).call(workspace, args, turn),
    callIfFree: (workspace, method, args) => queueOf(workspace, method).callIfFree(workspace, args),
    end: ({ id }) => {
      for (const [key, queue] of queues)
        if (key.startsWith(`${id} `)) {
          queue.stop(new SlackRefusal('refused', 'account_inactive'))
          queues.delete(key)
        }
    },
    close: () => queues.forEach((queue) => queue.stop(new SlackRefusal('unknown', 'closing'))),
  }
}

/** Channels whose pace is remembered; of one that was forgotten the database knows. */
const mostChannels = 5_000

/** The calls of one method in one workspace. */
class Queue {
  readonly #parts: GateParts
  readonly #method: string
  /** From when the method, and a channel of it, may be free: nobody is asked before. */
  #freeAt = 0
  readonly #channels = new BoundedMap<number>(mostChannels)
  /** In the order of their turns. */
  readonly #waiting = new Map<string, Waiting[]>()
  #isGoing = false
  #callOff: (() => void) | undefined

  constructor(parts: GateParts, method: string) {
    this.#parts = parts
    this.#method = method
  }

  call(workspace: Workspace, args: Fields, { channel = '', within }: Turn): Promise<Fields> {
    return new Promise<Fields>((resolve, reject) => {
      const waiting: Waiting = { workspace, args, channel, resolve, reject }
      this.#channelQueue(channel).push(waiting)
      if (within !== undefined) this.#limit(waiting, within)
      this.#go()
    })
  }

  async callIfFree(workspace: Workspace, args: Fields): Promise<Fields | undefined> {
    if (this.#waiting.size > 0 || !(await this.#take(workspace, ''))) return undefined
    return this.#ask(workspace, args, '')
  }

  stop(reason: SlackRefusal): void {
    this.#callOff?.()
    const left = [...this.#waiting.values()].flat()
    this.#waiting.clear()
    for (const { reject } of left) reject(reason)
  }

  #go(): void {
    this.#callOff?.()
    this.#callOff = undefined
    if (this.#isGoing) return
    this.#isGoing = true
    void this.#letOut().finally(() => {
      this.#isGoing = false
      this.#comeBack()
    })
  }

  /** Lets out what may go now, one after the other. */
  async #letOut(): Promise<void> {
    for (let next = this.#first(); next; next = this.#first()) {
      try {
        const isFree = await this.#take(next.workspace, next.channel)
        if (isFree && this.#remove(next)) void this.#make(next)
      } catch (error) {
        if (this.#remove(next)) next.reject(error)
      }
    }
  }

  /** When the first of those that wait may go. */
  #comeBack(): void {
    if (this.#waiting.size === 0) return
    const channels = [...this.#waiting.keys()].map((channel) => this.#channels.get(channel) ?? 0)
    const at = Math.max(this.#freeAt, Math.min(...channels))
    this.#callOff = this.#parts.timer.after(Math.max(1, at - this.#parts.timer.now()), () => this.#go())
  }

  /** Whether a turn was free, and is taken. */
  async #take(workspace: Workspace, channel: string): Promise<boolean> {
    const now = this.#parts.timer.now()
    if (this.#freeAt > now) return false
    const lane = { workspace, method: this.#method, channel: countedChannel(this.#method, channel) }
    const free = await this.#parts.pace.take(lane, now)
    if (free.method > now) this.#freeAt = free.method
    if (free.channel > now) this.#channels.set(channel, free.channel)
    return free.method <= now && free.channel <= now
  }

  /** The first whose channel may. */
  #first(): Waiting | undefined {
    const now = this.#parts.timer.now()
    if (this.#freeAt > now) return undefined
    for (const [channel, queue] of this.#waiting) if ((this.#channels.get(channel) ?? 0) <= now) return queue[0]
    return undefined
  } // prettier-ignore

  /** Takes it out, and its channel goes behind the others; false where it was given up meanwhile. */
  #remove(one: Waiting): boolean {
    const queue = this.#waiting.get(one.channel) ?? []
    const index = queue.indexOf(one)
    if (index < 0) return false
    queue.splice(index, 1)
    this.#waiting.delete(one.channel)
    if (queue.length > 0) this.#waiting.set(one.channel, queue)
    return true
  }

  async #make(next: Waiting): Promise<void> {
    try {
      next.resolve(await this.#ask(next.workspace, next.args, next.channel))
    } catch (error) {
      if (!(error instanceof SlackRefusal) || error.kind !== 'rate_limited') return next.reject(error)
      this.#channelQueue(next.channel).unshift(next)
      this.#go()
    }
  }

  async #ask(workspace: Workspace, args: Fields, channel: string): Promise<Fields> {
    try {
      return await this.#parts.api(workspace).call(this.#method, args)
    } catch (error) {
      if (error instanceof SlackRefusal && error.kind === 'rate_limited')
        await this.#rest(workspace, channel, error.retryAfter)
      throw error
    }
  }

  /** Slack does not say whether it was the channel or the workspace that was too busy: two channels are the workspace. */
  async #rest(workspace: Workspace, channel: string, seconds = 1): Promise<void> {
    const now = this.#parts.timer.now()
    const until = now + seconds * 1_000 + margin
    const counted = countedChannel(this.#method, channel)
    const isStorm = [...this.#waiting.keys()].some((other) => other !== channel && (this.#channels.get(other) ?? 0) > now)
    const isAll = counted === '' || isStorm
    if (counted !== '') this.#channels.set(channel, Math.max(until, this.#channels.get(channel) ?? 0))
    if (isAll) this.#freeAt = Math.max(until, this.#freeAt)
    await this.#parts.pace.rest({ workspace, method: this.#method, channel: isAll ? '' : counted }, until)
  } // prettier-ignore

  #limit(waiting: Waiting, within: number): void {
    const { resolve, reject } = waiting
    const callOff = this.#parts.timer.after(within, () => {
      if (this.#remove(waiting)) waiting.reject(new SlackRefusal('rate_limited', 'ratelimited'))
    })
    waiting.resolve = (answer) => {
      callOff()
      resolve(answer)
    }
    waiting.reject = (error) => {
      callOff()
      reject(error)
    }
  }

  #channelQueue(channel: string): Waiting[] {
    const known = this.#waiting.get(channel)
    if (known) return known
    const queue: Waiting[] = []
    this.#waiting.set(channel, queue)
    return queue
  }
}
