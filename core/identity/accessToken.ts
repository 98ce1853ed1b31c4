import { hash } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, fault } from '../errors.ts'
import type { Clock } from '../operations/context.ts'
import { BoundedMap } from './boundedMap.ts'

/** Who an access token speaks for. */
interface AccessClaims {
  readonly person: string
  readonly tenant: string
  readonly session: string
  /** Seconds since 1970. */
  readonly expires: number
}

export interface AccessTokens {
  issue(claims: Omit<AccessClaims, 'expires'>): Promise<string>
  /** Refuses with `token_expired`, or `unauthenticated` for anything that this installation did not sign. */
  verify(token: string): Promise<AccessClaims>
}

/** Seconds that an access token lives. */
export const accessTokenLife = 15 * 60

const name = 'tekup'
const algorithm = 'HS256'
const largestToken = 2_048
const Payload = z.object({ sub: z.uuid(), tid: z.uuid(), sid: z.uuid(), exp: z.int() })

/** JSON Web Tokens (RFC 7519) with one fixed algorithm, issuer and audience. What was verified once is remembered. */
export function createAccessTokens(key: Buffer, clock: Clock): AccessTokens {
  const verified = new BoundedMap<AccessClaims>(20_000)
  const seconds = (): number => Math.floor(clock.now().getTime() / 1000)
  return {
    issue: ({ person, tenant, session }) =>
      new SignJWT({ tid: tenant, sid: session })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setSubject(person)
        .setIssuer(name)
        .setAudience(name)
        .setJti(uuidv7())
        .setIssuedAt(seconds())
        .setExpirationTime(seconds() + accessTokenLife)
        .sign(key),
    verify: async (token) => {
      if (token.length > largestToken) fail('unauthenticated')
      const digest = hash('sha256', token, 'base64')
      const known = verified.get(digest)
      if (known && known.expires > seconds()) return known
      const claims = await verifySignature(token, key, clock.now())
      verified.set(digest, claims)
      return claims
    },
  }
}

async function verifySignature(token: string, key: Buffer, currentDate: Date): Promise<AccessClaims> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer: name,
      audience: name,
      typ: 'JWT',
      requiredClaims: ['sub', 'exp', 'jti'],
      currentDate,
    })
    const { sub, tid, sid, exp } = Payload.parse(payload)
    return { person: sub, tenant: tid, session: sid, expires: exp }
  } catch (error) {
    throw fault(error instanceof errors.JWTExpired ? 'token_expired' : 'unauthenticated', undefined, {
      cause: error,
    })
  }
}
