import { deflateRawSync, inflateRawSync, type ZlibOptions } from 'node:zlib'

/** Texts as a few bytes of a column, for what is only ever read whole. */
export interface Packing {
  pack(text: string): Buffer
  /** Throws where a later version has packed it. */
  unpack(bytes: Buffer): string
}

/** What is packed is short: zlib need not make room for more, which takes longer than the packing. */
const room = { windowBits: 12, memLevel: 5 } satisfies ZlibOptions

/**
 * The number of a dictionary, and the text by deflate (RFC 1951). Dictionaries hold what such texts are made of, which zlib looks up
 * instead of writing it again; what is said most often stands last. The first of the bytes names theirs: one that has been written with
 * is never changed, a better one is added.
 */
export function packingOf(dictionaries: readonly string[]): Packing {
  const bytesOf = dictionaries.map((dictionary) => Buffer.from(dictionary))
  const latest = bytesOf.length - 1
  const dictionaryOf = (number: number): Buffer => {
    const dictionary = bytesOf[number]
    if (!dictionary) throw new Error(`This was packed by a later version, with dictionary ${number}.`)
    return dictionary
  }
  return {
    pack: (text) =>
      Buffer.concat([Buffer.of(latest), deflateRawSync(text, { ...room, dictionary: dictionaryOf(latest) })]),
    unpack: (bytes) => inflateRawSync(bytes.subarray(1), { dictionary: dictionaryOf(bytes[0]!) }).toString(),
  }
}
