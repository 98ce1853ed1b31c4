import { createHash, createHmac, randomBytes } from 'node:crypto'

/** A token that means nothing but itself: 256 random bits behind a prefix that says what it is for. */
type OpaqueToken = `${'rt' | 'inv'}_${string}`

const shape = /^(rt|inv)_[A-Za-z0-9_-]{43}$/

export const makeToken = <const Prefix extends 'rt' | 'inv'>(prefix: Prefix): `${Prefix}_${string}` =>
  `${prefix}_${randomBytes(32).toString('base64url')}`

/**
 * The token that follows on this one. It is computed, not drawn, so that the same token sent twice (the first answer
 * was lost) gets the same successor though nothing but hashes is kept.
 */
export const successorOf = (key: Buffer, token: string): OpaqueToken =>
  `rt_${createHmac('sha256', key).update(token).digest('base64url')}`

/** What is kept of a token. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

export const isToken = (text: string, prefix: 'rt' | 'inv'): boolean =>
  shape.test(text) && text.startsWith(`${prefix}_`)
