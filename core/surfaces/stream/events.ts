import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { fault } from '../../errors.ts'
import type { Ending, Reader } from '../../live/connection.ts'
import type { LiveMessage } from '../../live/hint.ts'
import type { Live } from '../../live/live.ts'
import type { Authenticated } from '../authentication.ts'
import { errorBody } from '../errors.ts'
import { soon, type Visitor } from './socket.ts'

interface Asked {
  readonly topics: readonly string[]
  readonly last: string | undefined
}

/**
 * The same as server-sent events (HTML standard, 9.2). What is refused is answered with its status, before the stream
 * begins; a browser that is cut off comes back by itself, with the id that it saw last.
 */
export async function sendLiveEvents(
  live: Live,
  visitor: Visitor,
  { topics, last }: Asked,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const reader = new StreamReader(visitor, reply)
  const connection = live.connect(visitor.who, reader)
  reader.alive = () => connection.alive()
  reply.raw.once('close', () => connection.end())
  try {
    const followed = await connection.follow(topics, last)
    const [refused] = followed.refused
    if (refused) throw refused.refusal
    if (last === undefined) reader.push(`id: ${followed.last}\n\n`)
  } catch (error) {
    connection.end()
    throw error
  }
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .header('X-Accel-Buffering', 'no')
    .send(reader.stream)
}

class StreamReader implements Reader {
  readonly kind = 'stream'
  readonly stream = new Readable({ read: () => undefined })
  readonly #visitor: Visitor
  readonly #reply: FastifyReply
  alive = (): void => undefined

  constructor(visitor: Visitor, reply: FastifyReply) {
    this.#visitor = visitor
    this.#reply = reply
    this.push(`retry: ${soon()}\n\n`)
  }

  get credential(): string | undefined {
    return this.#visitor.credential
  }

  get present(): () => Promise<Authenticated> {
    return this.#visitor.present
  }

  get waiting(): number {
    return this.stream.readableLength + this.#reply.raw.writableLength
  }

  send(message: LiveMessage, json: string): void {
    const id = message.type === 'event' ? message.id : message.type === 'reset' ? message.last : undefined
    const name = message.type === 'event' ? '' : `event: ${message.type}\n`
    this.push(`${id === undefined ? '' : `id: ${id}\n`}${name}data: ${json}\n\n`)
  }

  /** A browser answers nothing here: a connection that is gone shows in what is not taken. */
  ping(): void {
    this.push(': still here\n\n')
    this.alive()
  }

  close(ending: Ending): void {
    if (ending === 'slow' || ending === 'silent') return void this.#reply.raw.destroy()
    if (ending === 'stopping') {
      const reconnectAfter = soon()
      this.push(`retry: ${reconnectAfter}\nevent: closing\ndata: ${JSON.stringify({ reconnectAfter })}\n\n`)
    } else {
      const { who, requestId } = this.#visitor
      this.push(`event: error\ndata: ${JSON.stringify(errorBody(fault(ending), who.locale, requestId))}\n\n`)
    }
    this.stream.push(null)
  }

  push(text: string): void {
    if (!this.stream.destroyed) this.stream.push(text)
  }
}
