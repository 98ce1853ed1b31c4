import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  localeFrom,
  readInbound,
  type Authenticate,
  type Conversations,
  type Inbound,
  type TurnEvent,
} from '#core'
import { sendEvents } from './eventStream.ts'

export interface ChatParts {
  readonly conversations: Conversations
  readonly authenticate: Authenticate
}

const chatAddress = '/api/v1/chat/messages'

/** The web chat's way in: a message in, its answer out, whole as JSON or as it is made as server-sent events. */
export function registerChat(app: FastifyInstance, { conversations, authenticate }: ChatParts): void {
  app.post(chatAddress, async (request, reply) => {
    const who = await authenticate(request)
    const sent = readInbound(request.body, localeFrom(request.headers['accept-language']))
    const inbound: Inbound = {
      caller: who,
      text: sent.text,
      locale: sent.locale ?? who.locale,
      surface: 'chat',
      requestId: request.id,
      signal: listenerGone(reply),
      ...(sent.conversation !== undefined && { conversation: sent.conversation }),
      ...(sent.agent !== undefined && { agent: sent.agent }),
      ...(sent.message !== undefined && { messageId: sent.message }),
    }
    const events = await begun(conversations.handle(inbound))
    return wantsEvents(request) ? sendEvents(events, inbound, reply) : sendAnswer(events, reply)
  })
}

/** Nobody reads an answer whose connection is closed: the model and its calls stop. */
function listenerGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new Error('The client left.'))
  })
  return gone.signal
}

/** Waits for the first event, so that what is refused is answered with its status and not inside a stream. */
async function begun(events: AsyncIterable<TurnEvent>): Promise<AsyncIterable<TurnEvent>> {
  const iterator = events[Symbol.asyncIterator]()
  const first = await iterator.next()
  let isFirst = true
  const next = () => {
    if (!isFirst) return iterator.next()
    isFirst = false
    return Promise.resolve(first)
  }
  const leave = async () => (await iterator.return?.()) ?? { done: true as const, value: undefined }
  return { [Symbol.asyncIterator]: () => ({ next, return: leave }) }
}

const wantsEvents = ({ headers }: FastifyRequest): boolean =>
  (headers.accept ?? '').includes('text/event-stream')

async function sendAnswer(events: AsyncIterable<TurnEvent>, reply: FastifyReply): Promise<FastifyReply> {
  for await (const event of events) {
    if (event.type === 'error') throw event.fault
    if (event.type !== 'reply') continue
    const { conversation, reply: answer, calls, approvals } = event
    return reply.header('Cache-Control', 'no-store').send({ conversation, reply: answer, calls, approvals })
  }
  return reply
}
