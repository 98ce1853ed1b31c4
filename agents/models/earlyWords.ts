import { setImmediate as nextRound } from 'node:timers/promises'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { isAlike, placeOfWords, type PlacedWords } from './openaiWords.ts'

/** Told the words of an answer, and that it is over, when the bytes have come. */
export interface Early {
  words(words: string): void
  end(): void
}

/** A request to a vendor, with whoever wants to hear of its answer early. */
type ListenedInit = RequestInit & { readonly early?: Early }

/** Milliseconds after which the vendor's client, which counts how long a model is silent, gets what it was spared so far. */
const spared = 1_000

/**
 * Tells the words of a streamed answer to `early` as they come, and hands the same stream to the vendor's client with
 * runs of words joined, so that what every event costs there is not paid for every word. The client gets the end, with which
 * all the work on an answer begins, when `atEnd` lets it.
 */
export function tellingEarly(go: typeof fetch, atEnd: () => Promise<void> = nextRound): typeof fetch {
  return async (input, { early, ...init }: ListenedInit = {}) => {
    const response = await go(input, init)
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
    if (!early || !isStream || !response.ok || !response.body) return response
    const { status, statusText, headers } = response
    return new Response(joined(response.body, new WordReader(early), atEnd), { status, statusText, headers })
  }
}

function joined(
  body: ReadableStream<Uint8Array>,
  words: WordReader,
  atEnd: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()]
  let coming: ReturnType<typeof reader.read> | undefined
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      let ready = ''
      for (;;) {
        const { done, value } = await (coming ?? reader.read())
        ready += done ? words.end() : words.read(decoder.decode(value, { stream: true }))
        coming = reader.read()
        const isMoreHere = !done && (await isHere(coming))
        if (isMoreHere) continue
        // What was told is on its way before the client takes the processor.
        if (done) await atEnd()
        else if (ready !== '') await nextRound()
        if (ready !== '') controller.enqueue(encoder.encode(ready))
        if (done) controller.close()
        if (done || ready !== '') return
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

/** Whether it has come already: the end of an answer is there with its last words, more often than not. */
async function isHere(coming: Promise<unknown>): Promise<boolean> {
  let is = false
  const came = (): void => void (is = true)
  coming.then(came, came)
  await undefined
  return is
}

/** Reads server-sent events (HTML standard, 9.2) and writes them again, with neighbours that hold only words joined. */
class WordReader {
  readonly #early: Early
  readonly #parser = createParser({ onEvent: (event) => this.#take(event) })
  #ready = ''
  #heard = ''
  #run: (PlacedWords & { readonly event: string | undefined }) | undefined
  #handedOnAt = -Infinity

  constructor(early: Early) {
    this.#early = early
  }

  /** Answers what the client gets now. */
  read(text: string): string {
    this.#parser.feed(text)
    if (this.#heard !== '') this.#early.words(this.#heard)
    this.#heard = ''
    if (performance.now() - this.#handedOnAt >= spared) this.#endRun()
    if (this.#ready !== '') this.#handedOnAt = performance.now()
    const ready = this.#ready
    this.#ready = ''
    return ready
  }

  /** The blank line ends an event that was the last without one. */
  end(): string {
    const last = this.read('\n\n')
    this.#early.end()
    this.#endRun()
    return last + this.#ready
  }

  #take({ event, data }: EventSourceMessage): void {
    const words = placeOfWords(data)
    if (words) this.#heard += words.text
    if (words && this.#run && isAlike(this.#run, words)) {
      this.#run.text += words.text
      return
    }
    this.#endRun()
    if (words) this.#run = { ...words, event }
    else this.#write(event, data)
  }

  #endRun(): void {
    if (this.#run) this.#write(this.#run.event, this.#run.written())
    this.#run = undefined
  }

  #write(event: string | undefined, data: string): void {
    const name = event === undefined ? '' : `event: ${event}\n`
    this.#ready += `${name}data: ${data.replaceAll('\n', '\ndata: ')}\n\n`
  }
}
