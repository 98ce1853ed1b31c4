import { ApiError, send } from '#lib/api/client.ts'
import type { ErrorBody } from '#lib/api/errors.ts'
import { readEvents } from '#lib/api/eventStream.ts'
import type { Call } from '#lib/api/types.ts'
import { locale, t } from '#lib/messages/index.ts'

export type TurnEvent =
  | { event: 'conversation'; conversation: string; message: string }
  | { event: 'call'; call: Call }
  | { event: 'text'; delta: string }
  | { event: 'replace'; text: string }
  | {
      event: 'reply'
      conversation: string
      reply: { id: string; text: string }
      calls: Call[]
    }

type Outgoing = {
  conversation: string | undefined
  agent: string | undefined
  text: string
  message: string
}

/**
 * Sends one message and yields what happens until the answer is whole. `message` is this message's own id: sent again,
 * it is answered again and not carried out again. Throws ApiError when the turn fails or the stream breaks off.
 */
export async function* sendTurn(
  { conversation, agent, text, message }: Outgoing,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent> {
  const response = await send('/chat/messages', {
    method: 'POST',
    headers: { accept: 'text/event-stream' },
    body: {
      ...(conversation ? { conversation } : agent && { agent }),
      text,
      message,
      locale: locale.current,
    },
    signal,
  })
  if (!response.body) throw brokenOff()
  for await (const { event, data } of readEvents(response.body)) {
    const told = toTurnEvent(event, JSON.parse(data))
    if (told) yield told
    if (told?.event === 'reply') return
  }
  throw brokenOff()
}

function toTurnEvent(event: string, data: unknown): TurnEvent | undefined {
  if (event === 'error') throw new ApiError(200, (data as { error: ErrorBody }).error)
  if (event === 'call') return { event, call: data as Call }
  const isKnown = ['conversation', 'text', 'replace', 'reply'].includes(event)
  return isKnown ? ({ event, ...(data as object) } as TurnEvent) : undefined
}

const brokenOff = () => new ApiError(0, { code: 'unreachable', message: t('error.unreachable') })
