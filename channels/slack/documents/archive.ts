import { strFromU8, unzipSync } from 'fflate'
import { DocumentRefusal } from './document.ts'

/** Bytes that one part of a document may unpack to. */
const largestPart = 64 * 1024 * 1024

/** How files begin that Office has locked with a password, and those of Word and Excel before 2007. */
const compoundFile = [0xd0, 0xcf, 0x11, 0xe0]

/** The XML in a document of Office (ECMA-376: a ZIP), of the parts that are wanted. */
export function unpack(bytes: Uint8Array, isWanted: (name: string) => boolean): ReadonlyMap<string, string> {
  if (compoundFile.every((byte, at) => bytes[at] === byte)) throw new DocumentRefusal('locked')
  const parts = unzipSync(bytes, {
    filter: ({ name, originalSize }) => isWanted(name) && originalSize <= largestPart,
  })
  return new Map(Object.entries(parts).map(([name, part]) => [name, strFromU8(part)]))
}
