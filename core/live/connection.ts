import { fault, type Fault } from '../errors.ts'
import { personOf } from '../operations/context.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import type { LiveBounds } from './bounds.ts'
import { toldOf, type Hint, type LiveMessage, type ResetReason, type Told } from './hint.ts'
import type { EventLog } from './log.ts'
import { everything, type Topic, type Topics } from './topics.ts'

/** Why a connection is ended from this side. */
export type Ending = 'stopping' | 'unauthenticated' | 'unavailable' | 'slow' | 'silent'

export type ReaderKind = 'socket' | 'stream'

/** Told what becomes of readers, for the figures of this process. */
export interface LiveObserver {
  connected(kind: ReaderKind): void
  ended(kind: ReaderKind): void
  /** A reader is to read again whatever they show. */
  reset(reason: ResetReason): void
  /** There was no room for one more. */
  refused(bound: 'person' | 'tenant'): void
}

/** Whoever is told, as the surface holds them: a WebSocket, a stream of events. */
export interface Reader {
  readonly kind: ReaderKind
  /** The session or the key that they came with. */
  readonly credential?: string | undefined
  send(message: LiveMessage, json: string): void
  /** Bytes that were sent and have not been taken yet. */
  readonly waiting: number
  /** Asks for a sign of life, which `Connection.alive` reports; a reader that gives none by itself reports at once. */
  ping(): void
  close(ending: Ending): void
  /** Who they are now, by what they came with; refuses with `unauthenticated` once it no longer holds. */
  present(): Promise<Authenticated>
}

/** One reader of one company. Whoever holds it calls `end` when the reader is gone. */
export interface Connection {
  /** Follows the topics that may be followed, and first tells what was missed since `last`; answers the others with their refusals. */
  follow(topics: readonly Topic[], last?: string): Promise<Followed>
  unfollow(topics: readonly Topic[]): void
  /** The reader has answered. */
  alive(): void
  end(): void
}

export interface Followed {
  readonly refused: readonly { readonly topic: Topic; readonly refusal: Fault }[]
  /** From where to resume who has read everything now. */
  readonly last: string
}

export interface ConnectionParts {
  readonly topics: Topics
  readonly log: EventLog
  readonly bounds: LiveBounds
  readonly observe: LiveObserver
  /** Forgets the connection. */
  readonly onEnd: (connection: LiveConnection) => void
}

/** What is followed, what is held back while something is looked up, and whether the reader keeps up. */
export class LiveConnection implements Connection {
  readonly reader: Reader
  readonly #parts: ConnectionParts
  readonly #topics = new Set<Topic>()
  #who: Authenticated
  #holds = 0
  #held: Told[] = []
  #laggingSince: number | undefined
  #unanswered = 0
  #ended = false

  constructor(parts: ConnectionParts, who: Authenticated, reader: Reader) {
    this.#parts = parts
    this.#who = who
    this.reader = reader
  }

  get who(): Authenticated {
    return this.#who
  }

  get ended(): boolean {
    return this.#ended
  }

  async follow(topics: readonly Topic[], last?: string): Promise<Followed> {
    this.hold()
    const refused = this.#add(topics)
    try {
      const { log } = this.#parts
      const newest = await log.newest(this.#who.tenant.id)
      if (last !== undefined) await this.#resume(last, newest)
      return { refused, last: newest }
    } finally {
      this.release()
    }
  }

  #add(topics: readonly Topic[]): Followed['refused'] {
    return topics.flatMap((topic) => {
      const refusal = this.#refusalOf(topic)
      if (!refusal) this.#topics.add(topic)
      return refusal ? [{ topic, refusal }] : []
    })
  }

  #refusalOf(topic: Topic): Fault | undefined {
    const { topics, bounds } = this.#parts
    const isFull = this.#topics.size >= bounds.topics && !this.#topics.has(topic)
    return isFull ? fault('too_many_topics', { limit: bounds.topics }) : topics.refuse(topic, this.#who)
  }

  async #resume(last: string, newest: string): Promise<void> {
    const missed = await this.#parts.log.after(this.#who.tenant.id, last)
    if (missed) for (const event of missed) this.#tell(toldOf(event))
    else this.#sendReset('unknown', newest)
  }

  unfollow(topics: readonly Topic[]): void {
    for (const topic of topics) this.#topics.delete(topic)
  }

  /** Tells the reader, unless something about them is being looked up: then it waits for that. */
  take(told: Told): void {
    if (this.#holds === 0) this.#tell(told)
    else if (this.#held.length <= this.#parts.bounds.held) this.#held.push(told)
  }

  hold(): void {
    this.#holds++
  }

  release(): void {
    if (--this.#holds > 0) return
    const held = this.#held
    this.#held = []
    if (held.length > this.#parts.bounds.held) void this.reset('missed')
    else for (const told of held) this.#tell(told)
  }

  /** The reader is to read again whatever they show. */
  async reset(reason: 'slow' | 'missed'): Promise<void> {
    this.hold()
    const last = await this.#parts.log.newest(this.#who.tenant.id).catch(() => undefined)
    this.#sendReset(reason, last)
    this.release()
  }

  #sendReset(reason: ResetReason, last: string | undefined): void {
    if (!this.#ended && !this.lagging) this.#parts.observe.reset(reason)
    this.#send({ type: 'reset', reason, last })
  }

  /** What the reader may do has changed: topics that they may not follow any more are gone. */
  changeTo(who: Authenticated): void {
    this.#who = who
    const lost = [...this.#topics].filter((topic) => this.#parts.topics.refuse(topic, who))
    this.unfollow(lost)
    if (lost.length > 0) this.#send({ type: 'lost', topics: lost })
  }

  #tell({ hint, resource, message, json }: Told): void {
    if (!this.#follows(resource, hint.subject) || !isFor(hint, this.#who)) return
    if (this.#parts.topics.mayRead(resource, this.#who)) this.#send(message, json)
  }

  #follows(resource: string, subject: string | undefined): boolean {
    const topics = this.#topics
    if (topics.has(resource) || topics.has(everything)) return true
    return subject !== undefined && topics.has(`${resource}/${subject}`)
  }

  /** What a reader does not take is dropped: nothing gathers for one who lags behind. */
  #send(message: LiveMessage, json = JSON.stringify(message)): void {
    if (this.#ended || this.lagging) return
    if (this.reader.waiting > this.#parts.bounds.waitingBytes) this.#laggingSince = performance.now()
    else this.reader.send(message, json)
  }

  get lagging(): boolean {
    return this.#laggingSince !== undefined
  }

  /** A reader who has caught up reads again; one who does not is let go. */
  async catchUp(): Promise<void> {
    const { waitingBytes, lagging } = this.#parts.bounds
    const since = this.#laggingSince
    if (since === undefined) return
    if (this.reader.waiting <= waitingBytes / 2) {
      this.#laggingSince = undefined
      await this.reset('slow')
    } else if (performance.now() - since > lagging) this.close('slow')
  }

  /** Two questions without an answer, and the reader is gone. */
  beat(): void {
    if (this.#unanswered >= mostUnanswered) return this.close('silent')
    this.#unanswered++
    this.reader.ping()
  }

  alive(): void {
    this.#unanswered = 0
  }

  close(ending: Ending): void {
    if (this.#ended) return
    this.end()
    this.reader.close(ending)
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#held = []
    this.#parts.onEnd(this)
  }
}

const mostUnanswered = 2

const isFor = ({ person, permission }: Hint, { actor, permissions }: Authenticated): boolean =>
  (person === undefined && permission === undefined) ||
  (person !== undefined && person === personOf(actor)) ||
  (permission !== undefined && permissions.has(permission))
