import { randomBytes, randomUUID } from 'node:crypto'
import { SignJWT, UnsecuredJWT } from 'jose'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAccessTokens } from './accessToken.ts'
import { codeOf } from './testWorld.ts'

describe('an access token', () => {
  const key = randomBytes(32)
  let ahead = 0
  const clock = { now: () => new Date(Date.now() + ahead * 1000) }
  const tokens = createAccessTokens(key, clock)
  const claims = { person: randomUUID(), tenant: randomUUID(), session: randomUUID() }
  const payload = { tid: claims.tenant, sid: claims.session, jti: 'x' }
  const sign = (
    change: { key?: Buffer; alg?: string; issuer?: string; audience?: string; expires?: number } = {},
  ) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: change.alg ?? 'HS256', typ: 'JWT' })
      .setSubject(claims.person)
      .setIssuer(change.issuer ?? 'tekup')
      .setAudience(change.audience ?? 'tekup')
      .setExpirationTime(change.expires ?? Math.floor(Date.now() / 1000) + 60)
      .sign(change.key ?? key)

  test('says whom it was issued for, again and again', async () => {
    const token = await tokens.issue(claims)
    for (let n = 0; n < 3; n++) expect(await tokens.verify(token)).toMatchObject(claims)
  })

  test('is taken when another process of the installation signed it', async () => {
    await expect(tokens.verify(await sign())).resolves.toMatchObject(claims)
  })

  test('expires after 15 minutes, also when it was verified before', async () => {
    const token = await tokens.issue(claims)
    await tokens.verify(token)
    ahead = 14 * 60
    await expect(tokens.verify(token)).resolves.toMatchObject(claims)
    ahead = 15 * 60 + 1
    expect(await codeOf(tokens.verify(token))).toBe('token_expired')
    ahead = 0
  })

  test('is refused when it is signed with another key, another algorithm, or for somebody else', async () => {
    const forged = [
      await sign({ key: randomBytes(32) }),
      await sign({ alg: 'HS512', key: Buffer.concat([key, key]) }),
      await sign({ alg: 'HS384', key }),
      await sign({ issuer: 'elsewhere' }),
      await sign({ audience: 'elsewhere' }),
      new UnsecuredJWT(payload)
        .setSubject(claims.person)
        .setIssuer('tekup')
        .setAudience('tekup')
        .setExpirationTime('1h')
        .encode(),
    ]
    for (const token of forged) expect(await codeOf(tokens.verify(token))).toBe('unauthenticated')
  })

  test('is refused when anything in it was changed', async () => {
    const token = await tokens.issue(claims)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 2),
        fc.constantFrom('A', 'q', '7', '_', '.'),
        async (at, letter) => {
          fc.pre(token[at] !== letter)
          const changed = token.slice(0, at) + letter + token.slice(at + 1)
          // The last letter of a part may hold bits that mean nothing.
          fc.pre(
            Buffer.from(changed.replaceAll('.', '-'), 'base64url').compare(
              Buffer.from(token.replaceAll('.', '-'), 'base64url'),
            ) !== 0,
          )
          fc.pre(at + 1 !== token.length)
          expect(await codeOf(tokens.verify(changed))).toBe('unauthenticated')
        },
      ),
    )
  })

  test('is refused when it is nothing like a token', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 5_000 }), async (text) => {
        expect(await codeOf(tokens.verify(text))).toBe('unauthenticated')
      }),
      { numRuns: 50 },
    )
  })
})
