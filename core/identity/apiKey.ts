import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** `tk_<id>_<secret><checksum>`: the prefix and the checksum let scanners and this server tell a key from noise. */
const shape = /^tk_([0-9a-f]{32})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export interface ApiKey {
  readonly id: string
  /** The whole key, as its holder sends it. */
  readonly text: string
}

/** A new key for a record with this id; 256 random bits. */
export function makeApiKey(id: string): ApiKey {
  const body = `tk_${id.replaceAll('-', '')}_${base62(randomBytes(32), 43)}`
  return { id, text: body + checksum(body) }
}

/** Reads a key; `undefined` when its form or its checksum is wrong, which needs no look at the database. */
export function readApiKey(text: string): ApiKey | undefined {
  const [, hex, , given] = shape.exec(text) ?? []
  if (!hex || given !== checksum(text.slice(0, -6))) return undefined
  return { id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), text }
}

/** What is kept of a key: HMAC-SHA256 with a key that is not in the database. */
export const hashApiKey = (pepper: Buffer, { text }: ApiKey): Buffer =>
  createHmac('sha256', pepper).update(text).digest()

export function isApiKey(pepper: Buffer, key: ApiKey, hash: Buffer): boolean {
  const expected = hashApiKey(pepper, key)
  return hash.length === expected.length && timingSafeEqual(hash, expected)
}

const checksum = (body: string): string => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return base62(bytes, 6)
}

function base62(bytes: Buffer, length: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (; rest > 0n; rest /= 62n) text = alphabet[Number(rest % 62n)] + text
  return text.padStart(length, '0')
}
