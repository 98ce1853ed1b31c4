import { Readable } from 'node:stream'
import { request, type Dispatcher } from 'undici'
import { egressRefused } from './refusals.ts'
import { Together } from './together.ts'

export interface Exchange {
  readonly url: URL
  readonly init: RequestInit
  readonly signal: AbortSignal
  readonly dispatcher: Dispatcher
  /** Bytes of the answer's body. */
  readonly mostBytes: number
  /** Milliseconds; see `Destination`. */
  readonly together: number
  /** Told when nothing more can come of it. */
  readonly over: () => void
}

/**
 * One request and its answer, failing as `fetch` does. It goes over undici's `request`, because the layers below a fetched
 * body cost several times what they carry when it comes word by word. Nothing is compressed, and no redirect followed.
 */
export async function exchange({
  url,
  init,
  signal,
  dispatcher,
  over,
  ...limits
}: Exchange): Promise<Response> {
  const { headers, body } = outgoing(url, init)
  const sent = {
    method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
    headers: { accept: '*/*', ...Object.fromEntries(headers), 'accept-encoding': 'identity' },
    body,
    signal,
    dispatcher,
  }
  const failed = (message: string) => (error: unknown) =>
    signal.aborted ? signal.reason : new TypeError(message, { cause: error })
  const answer = await request(url, sent).catch((error: unknown) => {
    over()
    throw failed('fetch failed')(error)
  })
  answer.body.once('close', over)
  return responseOf(answer, { host: url.hostname, failed: failed('terminated'), ...limits })
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
  return { headers, body: Readable.from([bytes], { objectMode: false }) }
}

interface Reading extends Pick<Exchange, 'mostBytes' | 'together'> {
  readonly host: string
  readonly failed: (error: unknown) => unknown
}

/** Statuses whose answer has no body (Fetch standard, "null body status"). */
const withoutBody = new Set([204, 205, 304])

function responseOf({ statusCode, statusText, headers, body }: Dispatcher.ResponseData, reading: Reading) {
  const told = new Headers()
  for (const [name, values = []] of Object.entries(headers))
    for (const value of [values].flat()) told.append(name, value)
  const init = { status: statusCode, statusText, headers: told }
  if (!withoutBody.has(statusCode)) return new Response(bodyOf(body, reading), init)
  body.resume()
  return new Response(null, init)
}

/** The body as it comes, cut off with a refusal past so many bytes. */
function bodyOf(body: Readable, { mostBytes, together, host, failed }: Reading): ReadableStream<Uint8Array> {
  let seen = 0
  let isLeft = false
  let pieces: Together
  return new ReadableStream<Uint8Array>({
    start(controller) {
      pieces = new Together(together, (bytes) => {
        controller.enqueue(bytes)
        if ((controller.desiredSize ?? 0) <= 0) body.pause()
      })
      body.on('data', (bytes: Uint8Array) => {
        seen += bytes.byteLength
        if (isLeft) return
        if (seen > mostBytes) body.destroy(egressRefused(host, 'size'))
        else pieces.add(bytes)
      })
      body.once('end', () => {
        pieces.flush()
        controller.close()
      })
      body.once('error', (error) => {
        pieces.drop()
        controller.error(seen > mostBytes ? error : failed(error))
      })
    },
    pull: () => void body.resume(),
    cancel: () => {
      isLeft = true
      pieces.drop()
      body.destroy()
    },
  })
}
