import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sentence, type Sentence } from '../language.ts'
import type { Authenticated } from './authenticate.ts'
import { bearer, codeOf, openWorld, password, refusal, type World, soon } from './testWorld.ts'

describe('a person’s profile and company', () => {
  let world: World
  let anna: Authenticated
  beforeAll(async () => {
    world = await openWorld()
    anna = await world.identity.accessOf(world.nordlys, world.anna)
  })
  afterAll(() => world.close())
  const better = 'Månen over Grønland 7'
  const signedIn = async () => {
    const { accessToken } = await world.signIn('mikkel@nordlys.example')
    return { accessToken, who: await world.identity.authenticate(bearer(accessToken)) }
  }

  test('show and change one’s own name and language', async () => {
    const { accessToken, who } = await signedIn()
    expect(await world.run('platform.profile.get', who)).toMatchObject({
      name: 'Mikkel Brandt',
      locale: 'da',
    })
    await world.run('platform.profile.update', who, { name: 'Mikkel B. Brandt', locale: 'en' })
    const after = await world.identity.authenticate(bearer(accessToken))
    expect(after).toMatchObject({ locale: 'en', actor: { name: 'Mikkel B. Brandt' } })
    const asked = await world.identity.authenticate(
      bearer(accessToken, { 'accept-language': 'da-DK,da;q=0.9' }),
    )
    expect(asked.locale).toBe('da')
    const anything = await world.identity.authenticate(bearer(accessToken, { 'accept-language': '*' }))
    expect(anything.locale).toBe('en')
  })

  test('take a new password from who knows the current one, and end the other sessions', async () => {
    const [here, there] = [await signedIn(), await signedIn()]
    const wrong = await refusal(
      world.run('platform.profile.update', here.who, { password: better, currentPassword: 'guess' }),
    )
    expect([wrong.code, wrong.sentence('da')]).toEqual([
      'invalid_input',
      expect.stringContaining('currentPassword'),
    ])
    expect(await codeOf(world.run('platform.profile.update', here.who, { password: better }))).toBe(
      'invalid_input',
    )
    await world.identity.authenticate(bearer(there.accessToken))
    await world.run('platform.profile.update', here.who, { password: better, currentPassword: password })
    await world.identity.authenticate(bearer(here.accessToken))
    expect(await codeOf(world.identity.authenticate(bearer(there.accessToken)))).toBe('unauthenticated')
    expect(await codeOf(world.signIn('mikkel@nordlys.example'))).toBe('wrong_credentials')
    await world.signIn('mikkel@nordlys.example', { password: better })
  })

  test('stop guesses at the current password', async () => {
    const who = await world.identity.accessOf(world.nordlys, world.rikke)
    const codes: string[] = []
    for (let n = 0; n < 6; n++) {
      codes.push(
        await codeOf(
          world.run('platform.profile.update', who, { password: better, currentPassword: `guess ${n}` }),
        ),
      )
    }
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('invalid_input'))
    expect(codes[5]).toBe('rate_limited')
  })

  test('keep passwords out of the audit trail', async () => {
    const { rows } = await world.admin.query(
      `SELECT input FROM platform.audit WHERE operation = 'platform.profile.update'`,
    )
    expect(JSON.stringify(rows)).not.toContain(better)
  })

  test('show the company and change it, by version', async () => {
    const before = (await world.run('platform.company.get', anna)) as { version: number; name: string }
    const settings = { timeZone: 'Europe/Copenhagen' }
    const after = await world.run('platform.company.update', anna, {
      domain: 'Nordlys.example',
      settings,
      version: before.version,
    })
    expect(after).toMatchObject({ name: before.name, domain: 'nordlys.example', settings })
    expect(
      await world.run('platform.company.update', anna, {
        name: 'Nordlys A/S',
        settings: { currency: 'DKK' },
      }),
    ).toMatchObject({
      name: 'Nordlys A/S',
      domain: 'nordlys.example',
      settings: { ...settings, currency: 'DKK' },
    })
    expect(
      await codeOf(world.run('platform.company.update', anna, { name: 'x', version: before.version })),
    ).toBe('version_conflict')
    expect(
      await codeOf(world.run('platform.company.update', anna, { settings: { timeZone: 'Mars/Olympus' } })),
    ).toBe('invalid_input')
    expect(await world.identity.accessOf(world.nordlys, world.anna)).toMatchObject({
      tenant: { name: 'Nordlys A/S' },
    })
    expect(await world.identity.accessOf(world.fjord, world.sofie)).toMatchObject({
      tenant: { name: 'Fjord IT A/S' },
    })
  })

  test('switch a part of the platform off for this company alone, from the next call on', async () => {
    const other = await world.anotherProcess()
    const reads = async (tenant: string, person: string, process: Pick<World, 'identity' | 'run'> = world) =>
      process.run('shelf.books.list', await process.identity.accessOf(tenant, person)).then(
        () => 'ok',
        (fault: { code: string }) => fault.code,
      )
    await reads(world.nordlys, world.anna, other)
    expect(await world.run('platform.plugins.update', anna, { id: 'shelf', on: false })).toMatchObject({
      id: 'shelf',
      on: false,
    })
    expect(await reads(world.nordlys, world.anna)).toBe('not_found')
    await expect.poll(() => reads(world.nordlys, world.anna, other), soon).toBe('not_found')
    expect(await reads(world.fjord, world.sofie)).toBe('ok')
    await world.run('platform.plugins.update', anna, { id: 'shelf', on: true })
    expect(await reads(world.nordlys, world.anna)).toBe('ok')
    expect(await codeOf(world.run('platform.plugins.update', anna, { id: 'platform', on: false }))).toBe(
      'not_found',
    )
    expect(await world.run('platform.plugins.list', anna)).toMatchObject({
      items: [{ id: 'shelf', on: true }],
    })
  })

  test('are spoken of in both languages, with at least three phrases for each thing that can be done', () => {
    for (const operation of world.registry.operations.filter(({ domain }) => domain === 'platform')) {
      for (const locale of ['da', 'en'] as const) {
        const words = world.registry.words(operation, locale)
        expect(words.phrases.length, operation.name).toBeGreaterThanOrEqual(3)
        const messages = [words.title, words.doing, words.done, words.confirm ?? ''].map(
          (message) => ({ da: message, en: message }) satisfies Sentence,
        )
        for (const message of messages)
          expect(() => sentence(message, locale, {}), operation.name).not.toThrow()
      }
    }
  })
})
