import type { Dispatcher } from 'undici'
import { egressRefused } from './refusals.ts'
import { Together } from './together.ts'

/** How an answer is read. */
export interface Reading {
  readonly host: string
  readonly signal: AbortSignal
  /** Bytes of its body. */
  readonly mostBytes: number
  /** Milliseconds, as it is at the moment; see `Destination`. */
  readonly together: () => number
  /** Told when nothing more can come of it. */
  readonly over: () => void
}

/** Statuses whose answer has no body (Fetch standard, "null body status"). */
const withoutBody = new Set([204, 205, 304])

type Connection = Dispatcher.DispatchController

/** Makes a `Response` of what comes over the wire, its body cut off with a refusal past so many bytes. */
export class Answer implements Dispatcher.DispatchHandler {
  readonly #reading: Reading
  readonly #answered: (response: Response) => void
  readonly #failed: (error: unknown) => void
  readonly #pieces: Together
  #body: ReadableStreamDefaultController<Uint8Array> | undefined
  #connection: Connection | undefined
  #seen = 0

  constructor(reading: Reading, answered: (response: Response) => void, failed: (error: unknown) => void) {
    this.#reading = reading
    this.#answered = answered
    this.#failed = failed
    this.#pieces = new Together(reading.together, (bytes) => this.#pass(bytes))
    reading.signal.addEventListener('abort', this.#leave)
  }

  onRequestStart(connection: Connection): void {
    this.#connection = connection
    if (this.#reading.signal.aborted) this.#leave()
  }

  onResponseStart(
    _: Connection,
    status: number,
    told: Readonly<Record<string, string | string[] | undefined>>,
    statusText = '',
  ): void {
    if (status < 200) return
    const headers = new Headers()
    for (const [name, values = []] of Object.entries(told))
      for (const value of [values].flat()) headers.append(name, value)
    const body = withoutBody.has(status) ? null : this.#open()
    this.#answered(new Response(body, { status, statusText, headers }))
  }

  /** Going on after a pause, undici's parser hands on an empty piece; a pause for that one would never end. */
  onResponseData(connection: Connection, bytes: Buffer): void {
    if (bytes.byteLength === 0) return
    const { mostBytes, host } = this.#reading
    this.#seen += bytes.byteLength
    if (this.#seen > mostBytes) connection.abort(egressRefused(host, 'size'))
    else this.#pieces.add(bytes)
  }

  onResponseEnd(): void {
    this.#pieces.flush()
    this.#body?.close()
    this.#end()
  }

  onResponseError(_: Connection, error: Error): void {
    const { signal, mostBytes } = this.#reading
    const isOurs = signal.aborted || this.#seen > mostBytes
    this.#failed(isOurs ? error : new TypeError('fetch failed', { cause: error }))
    this.#body?.error(isOurs ? error : new TypeError('terminated', { cause: error }))
    this.#end()
  }

  /** Nobody who has left waits for a connection that is not made yet. */
  readonly #leave = (): void => {
    const { reason } = this.#reading.signal
    this.#failed(reason)
    this.#connection?.abort(reason)
  }

  #open(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      start: (body) => void (this.#body = body),
      pull: () => this.#connection?.resume(),
      cancel: () => {
        this.#body = undefined
        this.#connection?.abort(new Error('Nobody reads the answer any more.'))
      },
    })
  }

  #pass(bytes: Uint8Array): void {
    this.#body?.enqueue(bytes)
    if (this.#body && (this.#body.desiredSize ?? 0) <= 0) this.#connection?.pause()
  }

  #end(): void {
    this.#pieces.drop()
    this.#body = undefined
    this.#reading.signal.removeEventListener('abort', this.#leave)
    this.#reading.over()
  }
}
