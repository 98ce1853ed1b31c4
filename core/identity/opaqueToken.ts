import { createHash, createHmac, randomBytes } from 'node:crypto'

/** A token that means nothing but itself: 256 random bits behind a prefix that says what it is for. */
type Prefix = 'rt' | 'inv' | 'code' | 'crt' | 'lt'
type OpaqueToken = `${Prefix}_${string}`

const shape = /^(rt|inv|code|crt|lt)_[A-Za-z0-9_-]{43}$/

export const makeToken = <const Kind extends Prefix>(prefix: Kind): `${Kind}_${string}` =>
  `${prefix}_${randomBytes(32).toString('base64url')}`

/**
 * The token that follows on this one. It is computed, not drawn, so that the same token sent twice (the first answer
 * was lost) gets the same successor though nothing but hashes is kept.
 */
export const successorOf = (key: Buffer, token: string, prefix: 'rt' | 'crt' = 'rt'): OpaqueToken =>
  `${prefix}_${createHmac('sha256', key).update(token).digest('base64url')}`

/** What is kept of a token. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

export const isToken = (text: string, prefix: Prefix): boolean =>
  shape.test(text) && text.startsWith(`${prefix}_`)
