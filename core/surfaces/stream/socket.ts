import type { RawData, WebSocket } from 'ws'
import { Fault, fault } from '../../errors.ts'
import type { Locale } from '../../language.ts'
import type { Connection, Ending, Reader } from '../../live/connection.ts'
import type { LiveMessage } from '../../live/hint.ts'
import type { Live } from '../../live/live.ts'
import type { Logger } from '../../observability/log.ts'
import { parseInput } from '../../operations/input.ts'
import type { Authenticated } from '../authentication.ts'
import { errorBody } from '../errors.ts'
import { ClientMessage } from './messages.ts'

export interface Visitor {
  readonly who: Authenticated
  /** The session or the key that they came with. */
  readonly credential: string | undefined
  readonly present: () => Promise<Authenticated>
  readonly requestId: string
}

/** Close codes: RFC 6455, section 7.4, the registry of it (1012, 1013), and of our own for what HTTP says with a status. */
export const closeCodes = {
  unreadable: 1003,
  malformed: 1007,
  flood: 1008,
  tooLarge: 1009,
  failed: 1011,
  stopping: 1012,
  later: 1013,
  unauthenticated: 4401,
  tooMany: 4429,
} as const

/** Bytes of the largest message of a client; a hundred topics fit. */
const largestMessage = 16 * 1024
/** Messages that a client may send within so many milliseconds. */
const flood = { messages: 50, milliseconds: 10_000 }
/** Milliseconds that a client gets to answer that it is closed. */
const farewell = 2_000

/** Speaks with one client over its WebSocket until it goes, or is let go. */
export function serveSocket(live: Live, socket: WebSocket, visitor: Visitor, log: Logger): void {
  const client = new SocketReader(socket, visitor, log)
  try {
    client.begin(live.connect(visitor.who, client))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    client.refuse(error, error.status === 429 ? closeCodes.tooMany : closeCodes.later)
  }
}

class SocketReader implements Reader {
  readonly kind = 'socket'
  readonly credential: string | undefined
  readonly #socket: WebSocket
  readonly #visitor: Visitor
  readonly #log: Logger
  #connection: Connection | undefined
  /** One message after the other, so that what is followed is what was asked last. */
  #answered: Promise<void> = Promise.resolve()
  #window = { since: 0, messages: 0 }

  constructor(socket: WebSocket, visitor: Visitor, log: Logger) {
    this.#socket = socket
    this.#visitor = visitor
    this.#log = log
    this.credential = visitor.credential
  }

  begin(connection: Connection): void {
    this.#connection = connection
    this.#socket.on('message', (data, isBinary) => this.#hear(data, isBinary))
    this.#socket.on('pong', () => connection.alive())
    this.#socket.on('close', () => connection.end())
    this.#say({ type: 'welcome', version: 1 })
  }

  get present(): () => Promise<Authenticated> {
    return this.#visitor.present
  }

  get waiting(): number {
    return this.#socket.bufferedAmount
  }

  send(_message: LiveMessage, json: string): void {
    this.#socket.send(json)
  }

  ping(): void {
    this.#socket.ping()
  }

  close(ending: Ending): void {
    if (ending === 'silent') return this.#socket.terminate()
    if (ending === 'slow') return this.#close(closeCodes.later, 'slow')
    if (ending === 'stopping') {
      this.#say({ type: 'closing', reconnectAfter: soon() })
      return this.#close(closeCodes.stopping, 'stopping')
    }
    const code = ending === 'unauthenticated' ? closeCodes.unauthenticated : closeCodes.later
    this.refuse(fault(ending), code)
  }

  /** Says why in a message, because the reason of a close has room for 123 bytes and no language. */
  refuse(refusal: Fault, code: number): void {
    this.#connection?.end()
    this.#sayFault(refusal)
    this.#close(code, refusal.code)
  }

  #close(code: number, reason: string): void {
    this.#socket.close(code, reason)
    setTimeout(() => this.#socket.terminate(), farewell).unref()
  }

  #hear(data: RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#connection?.alive()
    if (this.#floods())
      return this.refuse(fault('rate_limited', { seconds: flood.milliseconds / 1000 }), closeCodes.flood)
    if (isBinary)
      return this.refuse(fault('unsupported_media_type', { expected: 'JSON' }), closeCodes.unreadable)
    const text = (data as Buffer).toString('utf8')
    if (text.length > largestMessage)
      return this.refuse(fault('too_large', { limit: '16 kB' }), closeCodes.tooLarge)
    const message = readJson(text)
    if (message === undefined) return this.refuse(fault('malformed_body'), closeCodes.malformed)
    this.#answered = this.#answered.then(() => this.#answer(message)).catch((error) => this.#fail(error))
  }

  #floods(): boolean {
    const now = performance.now()
    if (now - this.#window.since > flood.milliseconds) this.#window = { since: now, messages: 0 }
    return ++this.#window.messages > flood.messages
  }

  async #answer(given: object): Promise<void> {
    const connection = this.#connection as Connection
    const message: ClientMessage = parseInput({ input: ClientMessage }, given, this.#locale)
    if (message.type === 'ping') return this.#say({ type: 'pong' })
    if (message.type === 'subscribe') return this.#follow(connection, message.topics, message.last)
    connection.unfollow(message.topics)
    this.#say({ type: 'unsubscribed', topics: message.topics })
  }

  async #follow(connection: Connection, topics: readonly string[], last: string | undefined): Promise<void> {
    const followed = await connection.follow(topics, last)
    const refused = followed.refused.map(({ topic, refusal }) => ({
      topic,
      code: refusal.code,
      message: refusal.sentence(this.#locale),
    }))
    const isRefused = new Set(refused.map(({ topic }) => topic))
    const kept = topics.filter((topic) => !isRefused.has(topic))
    this.#say({ type: 'subscribed', topics: kept, refused, last: followed.last })
  }

  #fail(error: unknown): void {
    if (error instanceof Fault && error.status < 500) return this.#sayFault(error)
    this.#log.warn({ err: error, requestId: this.#visitor.requestId }, 'a message could not be answered')
    this.refuse(error instanceof Fault ? error : fault('unavailable'), closeCodes.later)
  }

  get #locale(): Locale {
    return this.#visitor.who.locale
  }

  #sayFault(refusal: Fault): void {
    this.#say({ type: 'error', ...errorBody(refusal, this.#locale, this.#visitor.requestId) })
  }

  #say(message: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message))
  }
}

/** Milliseconds after which to come back, different for each, so that not all come at once. */
export const soon = (): number => Math.round(500 + Math.random() * 4_500)

function readJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return undefined
  }
}
