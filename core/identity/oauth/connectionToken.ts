import { hash } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, fault } from '../../errors.ts'
import type { Clock } from '../../operations/context.ts'
import { BoundedMap } from '../boundedMap.ts'

/** What a program's access token speaks for. */
export interface ConnectionClaims {
  readonly connection: string
  readonly person: string
  readonly client: string
  readonly scopes: readonly string[]
  /** The one address that takes the token (RFC 8707). */
  readonly resource: string
}

export interface ConnectionTokens {
  issue(claims: ConnectionClaims): Promise<string>
  /** The connection of a token for this resource; refuses with `token_expired` or `unauthenticated`. */
  verify(token: string, resource: string): Promise<string>
}

/** Seconds that a program's access token lives. */
export const connectionTokenLife = 3_600

const type = 'at+jwt'
const algorithm = 'HS256'
const largestToken = 4_096
const Payload = z.object({ cid: z.uuid(), exp: z.int() })

/** JWT access tokens (RFC 9068), with a key, a type and an audience that sign-in's tokens do not have. */
export function createConnectionTokens(key: Buffer, clock: Clock): ConnectionTokens {
  const verified = new BoundedMap<z.output<typeof Payload>>(10_000)
  const seconds = (): number => Math.floor(clock.now().getTime() / 1000)
  return {
    issue: ({ connection, person, client, scopes, resource }) =>
      new SignJWT({ cid: connection, client_id: client, scope: scopes.join(' ') })
        .setProtectedHeader({ alg: algorithm, typ: type })
        .setSubject(person)
        .setIssuer(new URL(resource).origin)
        .setAudience(resource)
        .setJti(uuidv7())
        .setIssuedAt(seconds())
        .setExpirationTime(seconds() + connectionTokenLife)
        .sign(key),
    verify: async (token, resource) => {
      if (token.length > largestToken) fail('unauthenticated')
      const digest = hash('sha256', `${resource} ${token}`, 'base64')
      const known = verified.get(digest)
      if (known && known.exp > seconds()) return known.cid
      const payload = await verifySignature(token, key, resource, clock.now())
      verified.set(digest, payload)
      return payload.cid
    },
  }
}

/** Whether a bearer token says of itself that it is one of these; only its signature makes it one. */
export function isConnectionToken(token: string): boolean {
  const header = Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8')
  return header.includes(`"${type}"`)
}

async function verifySignature(token: string, key: Buffer, resource: string, currentDate: Date) {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer: new URL(resource).origin,
      audience: resource,
      typ: type,
      requiredClaims: ['sub', 'exp', 'jti'],
      currentDate,
    })
    return Payload.parse(payload)
  } catch (error) {
    throw fault(error instanceof errors.JWTExpired ? 'token_expired' : 'unauthenticated', undefined, {
      cause: error,
    })
  }
}
