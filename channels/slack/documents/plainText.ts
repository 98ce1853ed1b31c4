import { DocumentRefusal } from './document.ts'

/** The encodings that offices write text in: what its first bytes say, else UTF-8, else what Danish Excel writes. */
export function textOf(bytes: Uint8Array): string {
  const text = decoded(bytes)
  if (text === undefined || text.includes('\0')) throw new DocumentRefusal('broken')
  return text
}

function decoded(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode('utf-16le', bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode('utf-16be', bytes)
  return decode('utf-8', bytes) ?? decode('windows-1252', bytes)
}

function decode(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
