import { hash, verify } from '@node-rs/argon2'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { bearer, codeOf, openWorld, password, refusal, type World } from './testWorld.ts'

// As it is, only counted: an answer takes as long as the password is worked on.
vi.mock('@node-rs/argon2', { spy: true })

describe('signing in', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  test('opens a session in the person’s company', async () => {
    const signedIn = await world.signIn('mikkel@nordlys.example')
    const tenant = { id: world.nordlys, name: 'Nordlys Rengøring ApS' }
    expect(signedIn).toMatchObject({
      expiresIn: 900,
      person: { id: world.mikkel, name: 'Mikkel Brandt' },
      tenant,
    })
    const who = await world.identity.authenticate(bearer(signedIn.accessToken))
    expect(who).toMatchObject({
      tenant,
      actor: { kind: 'person', id: world.mikkel },
      role: 'employee',
      locale: 'da',
    })
    expect(who.permissions).toContain('shelf.books:write')
    expect(who.domains).toContain('shelf')
  })

  test('takes the email in any case and with spaces around it', async () => {
    await expect(world.signIn(' Mikkel@Nordlys.EXAMPLE ')).resolves.toMatchObject({
      person: { id: world.mikkel },
    })
  })

  test('answers a wrong password and an unknown email alike', async () => {
    const wrong = await refusal(world.signIn('mikkel@nordlys.example', { password: 'not this one' }))
    const unknown = await refusal(world.signIn('nobody@nordlys.example', { password: 'not this one' }))
    expect([wrong.code, wrong.details]).toEqual([unknown.code, unknown.details])
    expect(wrong.code).toBe('wrong_credentials')
  })

  test('takes the same work for an unknown email, a known one and one of several accounts', async () => {
    for (const secret of [password, 'Solsikker i Søndervig'])
      await world.identity.provision({
        company: { name: 'Tolv ApS' },
        owner: { name: 'To Gange', email: 'two@x.example', password: secret },
      })
    for (const email of ['nobody@x.example', 'rikke@nordlys.example', 'two@x.example']) {
      vi.clearAllMocks()
      expect(await codeOf(world.signIn(email, { password: 'not this one' }))).toBe('wrong_credentials')
      expect([email, vi.mocked(hash).mock.calls.length, vi.mocked(verify).mock.calls.length]).toEqual([
        email,
        1,
        0,
      ])
    }
  })

  test('slows down guesses at one account from everywhere, and says for how long', async () => {
    const guess = (n: number) =>
      world.signIn('rikke@nordlys.example', { password: `guess ${n}`, address: `203.0.113.${n}` })
    world.pass(86_400)
    for (let n = 1; n <= 5; n++) expect(await codeOf(guess(n))).toBe('wrong_credentials')
    const first = await refusal(guess(6))
    expect(first).toMatchObject({ code: 'rate_limited', details: { seconds: 1 } })
    expect(await codeOf(world.signIn('rikke@nordlys.example', { address: '203.0.113.99' }))).toBe(
      'rate_limited',
    )
    world.pass(2)
    expect(await codeOf(guess(7))).toBe('wrong_credentials')
    expect((await refusal(guess(8))).details).toEqual({ seconds: 2 })
  })

  test('holds the wait in every process, also for guesses side by side', async () => {
    const other = await world.anotherProcess()
    world.pass(86_400)
    const guesses = Array.from({ length: 20 }, (_, n) => {
      const { identity } = n % 2 ? other : world
      const request = {
        email: 'mikkel@nordlys.example',
        password: `guess ${n}`,
        address: `203.0.113.${n}`,
        userAgent: '',
      }
      return codeOf(identity.signIn(request))
    })
    const codes = await Promise.all(guesses)
    expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(5)
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(15)
  })

  test('lets the right person in again when the wait is over, and forgives right sign-ins only', async () => {
    world.pass(86_400)
    for (let n = 0; n < 12; n++) await world.signIn('mikkel@nordlys.example', { address: `203.0.113.${n}` })
    for (let n = 0; n < 4; n++) await codeOf(world.signIn('mikkel@nordlys.example', { password: 'wrong' }))
    await world.signIn('mikkel@nordlys.example')
    expect(await codeOf(world.signIn('mikkel@nordlys.example', { password: 'wrong' }))).toBe(
      'wrong_credentials',
    )
    expect(await codeOf(world.signIn('mikkel@nordlys.example', { password: 'wrong' }))).toBe('rate_limited')
  })

  test('slows down one address that tries many accounts, a /64 of IPv6 counting as one', async () => {
    world.pass(86_400)
    for (let n = 0; n < 30; n++)
      await codeOf(world.signIn(`a${n}@x.example`, { address: `2001:db8:1:2::${n.toString(16)}` }))
    expect(await codeOf(world.signIn('b@x.example', { address: '2001:db8:1:2:ffff::1' }))).toBe(
      'rate_limited',
    )
    expect(await codeOf(world.signIn('b@x.example', { address: '2001:db8:1:3::1' }))).toBe(
      'wrong_credentials',
    )
  })

  test('is on the trail of the person’s companies, done or refused, and of no other', async () => {
    world.pass(86_400)
    await world.admin.query('TRUNCATE platform.audit')
    await world.signIn('mikkel@nordlys.example')
    await codeOf(world.signIn('mikkel@nordlys.example', { password: 'wrong' }))
    await codeOf(world.signIn('nobody@x.example', { password: 'wrong' }))
    const trail = async () => (await world.admin.query('SELECT tenant_id, actor_name, operation, outcome, code FROM platform.audit ORDER BY id')).rows // prettier-ignore
    const line = {
      tenant_id: world.nordlys,
      actor_name: 'Mikkel Brandt',
      operation: 'platform.sessions.create',
    }
    await expect.poll(trail).toEqual([
      { ...line, outcome: 'done', code: null },
      { ...line, outcome: 'refused', code: 'wrong_credentials' },
    ])
  })

  test('keeps no password and no email in the clear where it counts attempts', async () => {
    const { rows } = await world.admin.query('SELECT key FROM platform.sign_in_attempts')
    expect(JSON.stringify(rows)).not.toContain('example')
    const people = await world.admin.query('SELECT password_hash FROM platform.people')
    for (const { password_hash } of people.rows)
      expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(JSON.stringify(people.rows)).not.toContain(password)
  })
})
