import { TextDecoder } from 'node:util'
import { ExchangeFault } from './fault.ts'

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof encodings)[number]

/** The text of a file, and what its bytes turned out to be; complete when `text` has been read to its end. */
interface DecodedText {
  readonly encoding: Encoding
  readonly text: AsyncIterable<string>
}

/**
 * Decodes a stream of bytes. A byte order mark decides; without one the first character outside ASCII does: a valid
 * UTF-8 sequence means UTF-8, anything else Windows-1252, as Danish Excel writes. Until then the two are the same,
 * so nothing has to be read ahead. An encoding that was chosen is taken as it is. Bytes that break the encoding are
 * refused rather than replaced.
 */
export function decodeText(source: AsyncIterable<Uint8Array>, chosen?: Encoding): DecodedText {
  const decoder = new Decoder(chosen)
  return {
    get encoding() {
      return decoder.encoding ?? 'utf-8'
    },
    text: decodeChunks(source, decoder),
  }
}

async function* decodeChunks(source: AsyncIterable<Uint8Array>, decoder: Decoder): AsyncIterable<string> {
  for await (const chunk of source) {
    const text = refuseNul(decoder.push(chunk))
    if (text) yield text
  }
  const rest = refuseNul(decoder.end())
  if (rest) yield rest
}

function refuseNul(text: string): string {
  if (text.includes('\0')) throw new ExchangeFault('not_text')
  return text
}

class Decoder {
  encoding: Encoding | undefined
  #decoder: TextDecoder | undefined
  #held: Uint8Array = new Uint8Array()
  #atStart = true
  readonly #breaks: 'mixed_encoding' | 'wrong_encoding'

  constructor(chosen: Encoding | undefined) {
    this.#breaks = chosen ? 'wrong_encoding' : 'mixed_encoding'
    if (chosen) this.#begin(chosen)
  }

  push(chunk: Uint8Array): string {
    if (this.#decoder) return this.#decode(chunk)
    return this.#undecided(Buffer.concat([this.#held, chunk]), 'more may come')
  }

  end(): string {
    const held = this.#decoder ? '' : this.#undecided(this.#held, 'the end')
    return held + this.#decode(undefined)
  }

  #undecided(bytes: Uint8Array, what: 'more may come' | 'the end'): string {
    this.#held = new Uint8Array()
    if (this.#atStart && bytes.length < 4 && what === 'more may come') return this.#hold(bytes, 0)
    const mark = this.#atStart ? byteOrderMark(bytes) : undefined
    this.#atStart = false
    if (mark) return this.#choose(mark, bytes)
    const index = bytes.findIndex((byte) => byte >= 0x80)
    if (index < 0) return ascii(bytes)
    const encoding = encodingOf(bytes.subarray(index), what)
    return encoding ? this.#choose(encoding, bytes) : this.#hold(bytes, index)
  }

  #hold(bytes: Uint8Array, from: number): string {
    this.#held = bytes.slice(from)
    return ascii(bytes.subarray(0, from))
  }

  #choose(encoding: Encoding, bytes: Uint8Array): string {
    this.#begin(encoding)
    return this.#decode(bytes)
  }

  #begin(encoding: Encoding): void {
    this.encoding = encoding
    this.#decoder = new TextDecoder(encoding, { fatal: true })
  }

  #decode(bytes: Uint8Array | undefined): string {
    try {
      return this.#decoder?.decode(bytes, { stream: bytes !== undefined }) ?? ''
    } catch {
      throw new ExchangeFault(this.#breaks, { encoding: this.encoding as Encoding })
    }
  }
}

const ascii = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

function byteOrderMark(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

/** Judges by the sequence that begins at the first byte; undefined where its end has not come yet. */
function encodingOf(bytes: Uint8Array, what: 'more may come' | 'the end'): Encoding | undefined {
  const length = sequenceLength(bytes[0] as number)
  const sequence = bytes.subarray(0, length)
  const continues = sequence.subarray(1).every((byte) => byte >= 0x80 && byte <= 0xbf)
  if (length === 0 || !continues) return 'windows-1252'
  if (sequence.length === length) return isUtf8(sequence) ? 'utf-8' : 'windows-1252'
  return what === 'the end' ? 'windows-1252' : undefined
}

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2
  if (lead >= 0xe0 && lead <= 0xef) return 3
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
