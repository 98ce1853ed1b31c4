import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { Answer, type Reading } from './answer.ts'

export interface Exchange extends Reading {
  readonly url: URL
  readonly init: RequestInit
  readonly dispatcher: Dispatcher
}

/**
 * One request and its answer, failing as `fetch` does. It is undici's own dispatch, because the layers below a fetched body
 * cost several times what they carry when it comes word by word. Nothing is compressed, and no redirect followed.
 */
export function exchange({ url, init, dispatcher, ...reading }: Exchange): Promise<Response> {
  const { headers, body } = outgoing(url, init)
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  const sent = {
    origin: url.origin,
    path: url.pathname + url.search,
    method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
    headers: { accept: '*/*', ...Object.fromEntries(headers), 'accept-encoding': 'identity' },
    body,
  }
  dispatcher.dispatch(sent, new Answer(reading, resolve, reject))
  return promise
}

/** A text goes as a stream, which is let go of once it is sent: the text would be held for as long as it is answered. */
function outgoing(url: URL, init: RequestInit) {
  const text = typeof init.body === 'string' ? init.body : undefined
  const { headers, body } = new Request(url, {
    ...init,
    signal: null,
    ...(text !== undefined && { body: '' }),
  })
  if (text === undefined) return { headers, body: body as never }
  const bytes = Buffer.from(text)
  headers.set('content-length', String(bytes.byteLength))
  return { headers, body: once(bytes) }
}

/** A stream of these bytes that does not keep them. */
function once(bytes: Uint8Array): Readable {
  const stream = new Readable({ read: () => undefined })
  stream.push(bytes)
  stream.push(null)
  return stream
}
