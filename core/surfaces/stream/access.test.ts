import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { bearer, connect, openLiveWorld, patiently, type LiveWorld } from './testWorld.ts'

let world: LiveWorld
let token: Awaited<ReturnType<LiveWorld['tokens']>>

beforeAll(async () => {
  world = await openLiveWorld({ CORS_ORIGINS: 'https://app.example' })
  token = await world.tokens()
})
afterAll(() => world.close())

const client: LiveWorld['client'] = (...given) => world.client(...given)

describe('who may not (any more)', () => {
  test('is answered before a WebSocket is opened', async () => {
    const statusOf = async (headers: Record<string, string>, protocols: string[] = []): Promise<number> => {
      const socket = new WebSocket(`${world.address.replace('http', 'ws')}/api/v1/realtime`, protocols, {
        headers,
      })
      socket.on('error', () => undefined)
      const [, response] = await once(socket, 'unexpected-response')
      return response.statusCode
    }
    expect(await statusOf({})).toBe(401)
    expect(await statusOf(bearer('nonsense'))).toBe(401)
    expect(await statusOf({}, ['tekup.live', `ticket.lt_${'x'.repeat(43)}`])).toBe(401)
    const cookie = `tekup_access=${token.anna}`
    expect(await statusOf({ cookie })).toBe(403)
    expect(await statusOf({ cookie, origin: 'https://evil.example' })).toBe(403)
    expect(await statusOf({ cookie, origin: 'https://app.example' })).toBe(403)
    expect(await statusOf({ ...bearer(token.anna), origin: 'https://evil.example' })).toBe(403)
  })

  test('comes in with the cookie from our own page, and with a token from a page that is let in', async () => {
    const own = connect(world.address, { cookie: `tekup_access=${token.anna}`, origin: world.address })
    const letIn = client(token.anna, { origin: 'https://app.example' })
    for (const each of [own, letIn]) {
      expect((await each.follow(['shelf.books'])).topics).toEqual(['shelf.books'])
      each.close()
    }
  })

  test('a ticket opens one WebSocket, at any process, and no other', async () => {
    const there = await world.anotherProcess()
    const answer = await fetch(`${world.address}/api/v1/realtime/ticket`, {
      method: 'POST',
      headers: bearer(token.anna),
    })
    const { ticket, expiresIn } = (await answer.json()) as { ticket: string; expiresIn: number }
    expect(expiresIn).toBe(30)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const { rows } = await world.admin.query('SELECT token_hash FROM platform.live_tickets')
    expect(rows.map((row) => row.token_hash.toString('utf8'))).not.toContain(ticket)

    const protocols = [`ticket.${ticket}`, 'tekup.live']
    const anna = connect(there.address, {}, protocols)
    expect((await anna.follow(['shelf.books'])).topics).toEqual(['shelf.books'])
    expect(anna.socket.protocol).toBe('tekup.live')
    const again = connect(world.address, {}, protocols)
    const [, response] = await once(again.socket, 'unexpected-response')
    expect(response.statusCode).toBe(401)
    anna.close()
    await there.close()
  })

  test('a session that ends, here or at another process, closes its WebSockets and no others', async () => {
    const there = await world.anotherProcess()
    const { accessToken } = await world.signIn('anna@nordlys.example')
    const ending = connect(there.address, { ...bearer(accessToken), 'accept-language': 'en' })
    const staying = connect(there.address, bearer(token.anna))
    await Promise.all([ending.follow(['shelf.books']), staying.follow(['shelf.books'])])
    const { sessionId } = await world.identity.authenticate({
      method: 'GET',
      headers: bearer(accessToken),
      cookies: {},
    })
    await world.identity.signOut(sessionId!)
    expect(await ending.closed).toEqual({ code: 4401, reason: 'unauthenticated' })
    expect(ending.said.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'unauthenticated', message: 'Sign in, or send a valid key.' },
    })
    await world.addBook(world.anna)
    await staying.hears(1)
    await there.close()
  })

  test('a key that is revoked closes its WebSockets', async () => {
    const key = await keyOf(['shelf.books:read'])
    const program = connect(world.address, { 'x-api-key': key.key })
    await program.follow(['shelf.books'])
    await world.call(await confirmed('platform.apiKeys.delete', { id: key.id }), 'platform.apiKeys.delete', {
      id: key.id,
    })
    expect((await program.closed).code).toBe(4401)
  })

  test('a person who is removed hears nothing more, and is closed', async () => {
    const { tenantId, people } = await world.identity.provision({
      company: { name: 'Kort ApS' },
      owner: { name: 'Ida Holm', email: 'ida@kort.example', password: 'Regnbue over Nordhavn' },
      members: [{ name: 'Bo Lind', email: 'bo@kort.example', password: 'Regnbue over Nordhavn' }],
    })
    const [ida, bo] = people.map(({ id }) => id) as [string, string]
    const owner = await world.identity.accessOf(tenantId, ida)
    const { accessToken } = await world.signIn('bo@kort.example')
    const socket = client(accessToken)
    await socket.follow(['shelf.books'])
    await world.call(await confirmed('platform.people.delete', { id: bo }, owner), 'platform.people.delete', {
      id: bo,
    })
    await world.addBook(owner)
    expect((await socket.closed).code).toBe(4401)
    expect(socket.events()).toEqual([])
  })

  test('a permission that is lost in mid stream loses its topics at once, and nothing else', async () => {
    const mikkel = client(token.mikkel)
    await mikkel.follow(['shelf.books', 'platform.operations'])
    await world.call(world.anna, 'platform.plugins.update', { id: 'shelf', on: false })
    const lost = await vi.waitFor(
      () => mikkel.said.find(({ type }) => type === 'lost') ?? expect.fail('nothing is lost'),
      patiently,
    )
    expect(lost.topics).toEqual(['shelf.books'])
    world.core.live.tell([{ tenant: world.mikkel.tenant.id, type: 'shelf.books.moved' }])
    await mikkel.ask({ type: 'ping' }, 'pong')
    expect(mikkel.events()).toEqual([])
    expect((await mikkel.follow(['shelf.books'])).refused).toMatchObject([{ code: 'not_found' }])
    await world.call(world.anna, 'platform.plugins.update', { id: 'shelf', on: true })
    await vi.waitFor(async () => {
      expect((await mikkel.follow(['shelf.books'])).topics).toEqual(['shelf.books'])
    }, patiently)
    mikkel.close()
  })
})

async function keyOf(scopes: string[]): Promise<{ id: string; key: string }> {
  const made = await world.call(world.anna, 'platform.apiKeys.create', { name: 'Program', scopes })
  return made as { id: string; key: string }
}

/** The caller with the confirmation that a refusal handed out. */
async function confirmed(operation: string, input: object, who = world.anna) {
  const confirmation = await world.call(who, operation, input).then(
    () => undefined,
    (refusal: { details: { confirm?: string } }) => refusal.details.confirm,
  )
  return { ...who, ...(confirmation !== undefined && { confirmation }) }
}
