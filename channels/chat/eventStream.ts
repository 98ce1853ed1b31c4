import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import { errorBody, Fault, fault, type Inbound, type TurnEvent } from '#core'

/** Milliseconds between two signs of life, so that no proxy takes a long thought for a dead connection. */
const heartbeatEvery = 15_000

/** Answers with server-sent events (HTML standard, 9.2); an event's name is its type, its data the rest as JSON. */
export function sendEvents(
  events: AsyncIterable<TurnEvent>,
  inbound: Inbound,
  reply: FastifyReply,
): FastifyReply {
  reply
    .type('text/event-stream; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .header('X-Accel-Buffering', 'no')
    .hijack()
  reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders)
  void write(events, inbound, reply.raw, reply)
  return reply
}

async function write(
  events: AsyncIterable<TurnEvent>,
  inbound: Inbound,
  stream: ServerResponse,
  reply: FastifyReply,
): Promise<void> {
  const { push, end } = untilItsEnd(stream)
  const text = new TextBatch((delta) => push(frame('text', { delta })))
  const heartbeat = setInterval(() => push(': still here\n\n'), heartbeatEvery)
  try {
    for await (const event of events) {
      if (stream.destroyed) break
      if (event.type === 'text') text.add(event.delta)
      else {
        text.flush()
        if (event.type === 'reply') inOnePiece(reply.raw.socket)
        push(frameOf(event, inbound))
        // Nothing follows: the client has its answer whole while what the turn leaves is still being kept.
        if (event.type === 'reply') end()
      }
    }
  } catch (error) {
    text.flush()
    push(frameOf({ type: 'error', fault: asFault(error, reply) }, inbound))
  } finally {
    clearInterval(heartbeat)
    text.flush()
    end()
  }
}

/** What this round of the event loop says, and the end after it, go together: each by itself would wake the client. */
function inOnePiece(socket: Socket | null): void {
  socket?.cork()
  setImmediate(() => socket?.uncork())
}

/** What comes after the end, or once the reader has left, is said to nobody: a stream that is ended breaks on it. */
function untilItsEnd(stream: ServerResponse) {
  let isOver = false
  const push = (text: string): void => void (isOver || stream.destroyed || stream.write(text))
  const end = (): void => {
    if (!isOver) stream.end()
    isOver = true
  }
  return { push, end }
}

/** What nobody foresaw is logged; the reader gets the one sentence for it, because the status has gone out already. */
function asFault(error: unknown, { log }: FastifyReply): Fault {
  if (error instanceof Fault) return error
  log.error({ err: error }, 'an event stream failed')
  return fault('internal', undefined, { cause: error })
}

/**
 * Sends words at the end of the event loop's round, in which more may come. Whatever was read in one round goes out to all its
 * readers one after the other then: to write to somebody who is asleep costs many times what it costs to write to one who is not.
 */
class TextBatch {
  readonly #send: (text: string) => void
  #waiting = ''
  #next: NodeJS.Immediate | undefined

  constructor(send: (text: string) => void) {
    this.#send = send
  }

  add(text: string): void {
    this.#waiting += text
    this.#next ??= setImmediate(() => this.flush())
  }

  flush(): void {
    clearImmediate(this.#next)
    this.#next = undefined
    if (this.#waiting !== '') this.#send(this.#waiting)
    this.#waiting = ''
  }
}

function frameOf(event: Exclude<TurnEvent, { type: 'text' }>, { locale, requestId }: Inbound): string {
  if (event.type === 'error') return frame('error', errorBody(event.fault, locale, requestId))
  if (event.type === 'call') return frame('call', event.call)
  const { type, ...data } = event
  return frame(type, data)
}

/** JSON holds no line break, so one data line is enough. */
const frame = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
