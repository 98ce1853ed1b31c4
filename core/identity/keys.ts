import { deriveKey } from '../keys.ts'

/** The keys of this room, one per purpose. */
interface IdentityKeys {
  /** Signs access tokens. */
  readonly accessTokens: Buffer
  /** Makes each refresh token's successor. */
  readonly refreshTokens: Buffer
  /** Signs the access tokens of connected programs. */
  readonly connectionTokens: Buffer
  /** Makes the successor of each connected program's refresh token. */
  readonly connectionRefresh: Buffer
  /** Makes the salt of an email's passwords. */
  readonly passwords: Buffer
  /** Hashes API keys at rest. */
  readonly apiKeys: Buffer
  /** Hashes emails and addresses in the record of attempts. */
  readonly attempts: Buffer
}

export function deriveIdentityKeys(secret: Buffer): IdentityKeys {
  const derive = (purpose: string): Buffer => deriveKey(secret, `identity ${purpose}`)
  return {
    accessTokens: derive('access tokens'),
    refreshTokens: derive('refresh tokens'),
    connectionTokens: derive('connection tokens'),
    connectionRefresh: derive('connection refresh tokens'),
    passwords: derive('passwords'),
    apiKeys: derive('api keys'),
    attempts: derive('attempts'),
  }
}
