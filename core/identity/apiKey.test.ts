import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashApiKey, isApiKey, makeApiKey, readApiKey } from './apiKey.ts'
import type { Authenticated } from './authenticate.ts'
import { codeOf, openWorld, refusal, type World, soon } from './testWorld.ts'

describe('the form of an API key', () => {
  const pepper = randomBytes(32)

  test('reads back as the key it was made as', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const key = makeApiKey(id)
        expect(readApiKey(key.text)).toEqual(key)
        expect(isApiKey(pepper, key, hashApiKey(pepper, key))).toBe(true)
      }),
    )
  })

  test('tells a slip in any letter without a look at the database', () => {
    const { text } = makeApiKey(randomUUID())
    for (let at = 0; at < text.length; at++) {
      expect(
        readApiKey(text.slice(0, at) + (text[at] === 'b' ? 'c' : 'b') + text.slice(at + 1)),
      ).toBeUndefined()
    }
  })

  test('is not taken for another one with the same id', () => {
    const [one, other] = [makeApiKey(world0), makeApiKey(world0)]
    expect(isApiKey(pepper, one, hashApiKey(pepper, other))).toBe(false)
  })
})

const world0 = randomUUID()

interface Made {
  readonly id: string
  readonly key: string
}

describe('an API key', () => {
  let world: World
  let anna: Authenticated
  beforeAll(async () => {
    world = await openWorld()
    anna = await world.identity.accessOf(world.nordlys, world.anna)
  })
  afterAll(() => world.close())

  const make = async (scopes: string[], more: object = {}): Promise<Made> =>
    world.run('platform.apiKeys.create', anna, { name: 'Lager', scopes, ...more })
  const withKey = (key: string, process: Pick<World, 'identity'> = world) =>
    process.identity.authenticate({ method: 'POST', headers: { 'x-api-key': key }, cookies: {} })
  const revoke = async (id: string): Promise<void> => {
    const asked = await refusal(world.run('platform.apiKeys.delete', anna, { id }))
    expect(asked.code).toBe('confirmation_required')
    await world.run('platform.apiKeys.delete', anna, { id }, asked.details['confirm'] as string)
  }

  test('acts for its maker with its scopes and nothing more', async () => {
    const { id, key } = await make(['shelf.*:read'])
    const who = await withKey(key)
    expect(who).toMatchObject({
      tenant: { id: world.nordlys },
      actor: { kind: 'key', id, name: 'Lager', personId: world.anna },
    })
    expect([...who.permissions].toSorted()).toEqual(['shelf.books:read', 'shelf.letters:read'])
    expect(who.sessionId).toBeUndefined()
    await world.run('shelf.books.list', who)
    expect(await codeOf(world.run('shelf.books.create', who, { title: 'x' }))).toBe('forbidden')
  })

  test('is taken as a bearer token too', async () => {
    const { key } = await make(['shelf.*:read'])
    const request = { method: 'GET', headers: { authorization: `Bearer ${key}` }, cookies: {} }
    await expect(world.identity.authenticate(request)).resolves.toMatchObject({ actor: { kind: 'key' } })
  })

  test('is shown once and kept as a hash', async () => {
    const { id, key } = await make(['shelf.*:read'])
    const { rows } = await world.admin.query('SELECT * FROM platform.api_keys')
    expect(JSON.stringify(rows)).not.toContain(key.slice(40, 60))
    const listed = JSON.stringify(await world.run('platform.apiKeys.list', anna))
    expect(listed).toContain(id)
    expect(listed).not.toContain(key.slice(40, 60))
    expect(listed).not.toContain('hash')
  })

  test('is refused when its secret is another one’s, though form and checksum are right', async () => {
    const { id } = await make(['shelf.*:read'])
    expect(await codeOf(withKey(makeApiKey(id).text))).toBe('unauthenticated')
    expect(await codeOf(withKey(makeApiKey(randomUUID()).text))).toBe('unauthenticated')
    expect(await codeOf(withKey('tk_nonsense'))).toBe('unauthenticated')
  })

  test('is dead at once when it is revoked, in another process too', async () => {
    const other = await world.anotherProcess()
    const { id, key } = await make(['shelf.*:read'])
    await withKey(key)
    await withKey(key, other)
    await revoke(id)
    expect(await codeOf(withKey(key))).toBe('unauthenticated')
    await expect.poll(() => codeOf(withKey(key, other)), soon).toBe('unauthenticated')
  })

  test('is dead the moment it expires', async () => {
    const expiresAt = new Date(world.clock.now().getTime() + 3_000).toISOString()
    const { key } = await make(['shelf.*:read'], { expiresAt })
    await withKey(key)
    world.pass(3)
    expect(await codeOf(withKey(key))).toBe('unauthenticated')
    expect(await codeOf(make(['shelf.*:read'], { expiresAt }))).toBe('invalid_input')
  })

  test('never does more than its maker may, also when the maker’s role shrinks later', async () => {
    const rikke = await world.identity.accessOf(world.nordlys, world.rikke)
    expect(
      await codeOf(world.run('platform.apiKeys.create', rikke, { name: 'x', scopes: ['shelf.*:read'] })),
    ).toBe('forbidden')
    await world.run('platform.people.update', anna, { id: world.mikkel, role: 'admin' })
    const mikkel = await world.identity.accessOf(world.nordlys, world.mikkel)
    const { key } = (await world.run('platform.apiKeys.create', mikkel, {
      name: 'x',
      scopes: ['*.*:*'],
    })) as Made
    expect((await withKey(key)).permissions).toContain('platform.people:write')
    await world.run('platform.people.update', anna, { id: world.mikkel, role: 'readOnly' })
    const who = await withKey(key)
    expect(who.permissions).not.toContain('platform.people:write')
    expect(who.permissions).toContain('shelf.books:read')
  })

  test('makes no keys and gives no ownership', async () => {
    const { key } = await make(['*.*:*'])
    const who = await withKey(key)
    expect(await codeOf(world.run('platform.apiKeys.create', who, { name: 'x', scopes: ['*.*:*'] }))).toBe(
      'forbidden',
    )
    expect(await codeOf(world.run('platform.people.update', who, { id: world.rikke, role: 'owner' }))).toBe(
      'conflict',
    )
  })

  test('is not made with a scope that covers nothing the maker has', async () => {
    expect(await codeOf(make(['crm.*:read']))).toBe('forbidden')
    expect(await codeOf(make(['everything']))).toBe('invalid_input')
  })

  test('says when it was last used, to the minute', async () => {
    const { id, key } = await make(['shelf.*:read'])
    await withKey(key)
    const { items } = (await world.run('platform.apiKeys.list', anna)) as {
      items: { id: string; lastUsedAt: string | null }[]
    }
    expect(items.find((item) => item.id === id)?.lastUsedAt).not.toBeNull()
  })
})
