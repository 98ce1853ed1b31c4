import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Authenticated } from './authenticate.ts'
import { bearer, codeOf, openWorld, password, refusal, type World } from './testWorld.ts'

interface Invitation {
  readonly id: string
  readonly email: string
  readonly status: string
  readonly token: string
}

const device = { address: '198.51.100.7', userAgent: 'Safari' }

describe('an invitation', () => {
  let world: World
  let anna: Authenticated
  let sofie: Authenticated
  beforeAll(async () => {
    world = await openWorld()
    anna = await world.identity.accessOf(world.nordlys, world.anna)
    sofie = await world.identity.accessOf(world.fjord, world.sofie)
  })
  afterAll(() => world.close())

  const invite = (email: string, more: object = {}, who = anna): Promise<Invitation> =>
    world.run('platform.invitations.create', who, { email, ...more })
  const accept = (token: string, more: Partial<{ name: string; password: string }> = {}) =>
    world.identity.accept({
      token,
      name: 'Bente Skov',
      password: 'Skovens dybe stille ro',
      locale: 'da',
      ...device,
      ...more,
    })
  const statuses = async () =>
    ((await world.run('platform.invitations.list', anna)) as { items: Invitation[] }).items.map(
      ({ email, status }) => [email, status],
    )

  test('makes whoever holds its token a member, signed in', async () => {
    const { token } = await invite('Bente@Nordlys.example', { role: 'admin' })
    const signedIn = await accept(token)
    expect(signedIn).toMatchObject({
      tenant: { id: world.nordlys },
      person: { name: 'Bente Skov', email: 'bente@nordlys.example' },
    })
    await expect(world.identity.authenticate(bearer(signedIn.accessToken))).resolves.toMatchObject({
      role: 'admin',
    })
    await world.signIn('bente@nordlys.example', { password: 'Skovens dybe stille ro' })
    expect(await statuses()).toContainEqual(['bente@nordlys.example', 'accepted'])
  })

  test('tells whoever holds its token, and nobody else, which company invites them as what', async () => {
    const { token, id } = await invite('Curious@Nordlys.example', { role: 'readOnly' })
    expect(await world.identity.invitation(token)).toEqual({
      company: 'Nordlys Rengøring ApS',
      email: 'curious@nordlys.example',
      role: 'readOnly',
    })
    await world.run('platform.invitations.delete', anna, { id })
    for (const unusable of [token, '', `inv_${'A'.repeat(43)}`])
      expect(await codeOf(world.identity.invitation(unusable))).toBe('not_found')
  })

  test('is accepted once, also by two at the same time', async () => {
    const { token } = await invite('two@nordlys.example')
    const both = await Promise.allSettled([accept(token), accept(token)])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await codeOf(accept(token))).toBe('not_found')
    const known = await invite('sofie@fjordit.example')
    const again = await Promise.allSettled([1, 2].map(() => accept(known.token, { password })))
    expect(again.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const asked = await refusal(world.run('platform.people.delete', anna, { id: world.sofie }))
    await world.run('platform.people.delete', anna, { id: world.sofie }, asked.details['confirm'] as string)
  })

  test('is gone when it is taken back, replaced, expired or made up', async () => {
    const first = await invite('gone@nordlys.example')
    const second = await invite('gone@nordlys.example')
    expect(await codeOf(accept(first.token))).toBe('not_found')
    await world.run('platform.invitations.delete', anna, { id: second.id })
    expect(await codeOf(accept(second.token))).toBe('not_found')
    const third = await invite('gone@nordlys.example')
    world.pass(14 * 86_400 + 1)
    expect(await codeOf(accept(third.token))).toBe('not_found')
    for (const token of ['', 'inv_', '\0', `inv_${'A'.repeat(43)}`])
      expect(await codeOf(accept(token))).toBe('not_found')
  })

  test('cannot be taken back once it was accepted, nor by another company', async () => {
    const { id, token } = await invite('kept@nordlys.example')
    expect(await codeOf(world.run('platform.invitations.delete', sofie, { id }))).toBe('not_found')
    await accept(token)
    expect(await codeOf(world.run('platform.invitations.delete', anna, { id }))).toBe('conflict')
  })

  test('is not made for a member, nor for an owner by somebody who is none', async () => {
    expect(await codeOf(invite('mikkel@nordlys.example'))).toBe('already_exists')
    await world.run('platform.people.update', anna, { id: world.mikkel, role: 'admin' })
    const mikkel = await world.identity.accessOf(world.nordlys, world.mikkel)
    expect(await codeOf(invite('x@nordlys.example', { role: 'owner' }, mikkel))).toBe('conflict')
    const rikke = await world.identity.accessOf(world.nordlys, world.rikke)
    expect(await codeOf(invite('x@nordlys.example', {}, rikke))).toBe('forbidden')
  })

  test('wants a good password', async () => {
    const { token } = await invite('weak@nordlys.example')
    for (const weak of ['short', 'weak@nordlys.example', 'adgangskode123', 'aaaaaaaaaaaa', 'x'.repeat(201)]) {
      expect(await codeOf(accept(token, { password: weak }))).toBe('invalid_input')
    }
    await accept(token)
  })

  test('tells nobody whether another company knows the email: made, accepted and signed in with alike', async () => {
    const outcome = async (email: string) => {
      const { id, token, ...made } = (await invite(email)) as Invitation & Record<string, unknown>
      const signedIn = await accept(token, { name: 'Guess', password: 'Et helt andet kodeord' })
      const me = await world.identity.me(await world.identity.authenticate(bearer(signedIn.accessToken)))
      const again = await world.signIn(email, { password: 'Et helt andet kodeord', address: '203.0.113.5' })
      const blank = (value: unknown): unknown =>
        JSON.parse(
          JSON.stringify(value)
            .replaceAll(email, 'EMAIL')
            .replace(
              /[0-9a-f]{8}-[0-9a-f-]{27}|eyJ[\w.-]+|rt_[\w-]+|\d{4}-\d\d-\d\dT[\d:.+Z]+(00:00)?/g,
              '·',
            ),
        )
      return {
        id: typeof id,
        made: blank(made),
        signedIn: blank(signedIn),
        me: blank(me),
        again: blank(again),
      }
    }
    expect(await outcome('sofie@fjordit.example')).toEqual(await outcome('nobody@elsewhere.example'))
  })

  test('leaves the other company’s account with that email as it was', async () => {
    const signedIn = await world.signIn('sofie@fjordit.example', { address: '203.0.113.6' })
    expect(signedIn).toMatchObject({
      person: { id: world.sofie, name: 'Sofie Fjord' },
      tenant: { id: world.fjord },
    })
    const tenants = (await world.identity.me(await world.identity.authenticate(bearer(signedIn.accessToken))))
      .tenants
    expect(tenants.map(({ id }) => id)).toEqual([world.fjord])
  })

  test('brings a known person in when they show their own password', async () => {
    const { token } = await invite('rikke@nordlys.example', {}, sofie)
    const signedIn = await accept(token, { name: 'Somebody Else', password })
    expect(signedIn).toMatchObject({
      person: { id: world.rikke, name: 'Rikke Sørensen' },
      tenant: { id: world.fjord },
    })
    const { tenants } = await world.identity.me(
      await world.identity.authenticate(bearer(signedIn.accessToken)),
    )
    expect(tenants.map(({ id }) => id).toSorted()).toEqual([world.fjord, world.nordlys].toSorted())
  })

  test('brings a removed person back', async () => {
    const asked = await refusal(world.run('platform.people.delete', sofie, { id: world.rikke }))
    await world.run('platform.people.delete', sofie, { id: world.rikke }, asked.details['confirm'] as string)
    const { token } = await invite('rikke@nordlys.example', { role: 'admin' }, sofie)
    await accept(token, { password })
    expect(await world.identity.accessOf(world.fjord, world.rikke)).toMatchObject({ role: 'admin' })
  })

  test('is no way to guess passwords faster than signing in', async () => {
    world.pass(86_400)
    const codes: string[] = []
    for (let n = 0; n < 8; n++) {
      const { token } = await invite('sofie2@fjordit.example', {}, sofie)
      codes.push(
        await accept(token, { password: `et kodeord nummer ${n}` }).then(
          async ({ person }) => {
            const asked = await refusal(world.run('platform.people.delete', sofie, { id: person.id }))
            await world.run(
              'platform.people.delete',
              sofie,
              { id: person.id },
              asked.details['confirm'] as string,
            )
            return 'in'
          },
          (fault: { code: string }) => fault.code,
        ),
      )
    }
    expect(codes).toContain('rate_limited')
  })

  test('keeps nothing but a hash of its token', async () => {
    const { token } = await invite('hash@nordlys.example')
    const { rows } = await world.admin.query('SELECT * FROM platform.invitations')
    expect(JSON.stringify(rows)).not.toContain(token.slice(4, 20))
  })
})
