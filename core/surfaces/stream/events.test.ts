import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  bearer,
  keptBytes,
  openLiveWorld,
  patiently,
  tidiedAway,
  type LiveWorld,
  type Message,
} from './testWorld.ts'

interface Told {
  readonly name: string
  readonly id: string | undefined
  readonly data: Message
}

let world: LiveWorld
let token: string

beforeAll(async () => {
  world = await openLiveWorld()
  token = (await world.signIn('anna@nordlys.example')).accessToken
})
afterAll(() => world.close())

const ask = (query = '', headers: Record<string, string> = bearer(token), address = world.address) => {
  const gone = new AbortController()
  const answer = fetch(`${address}/api/v1/events${query}`, {
    headers: { accept: 'text/event-stream', 'accept-language': 'en', ...headers },
    signal: gone.signal,
  })
  return { answer, leave: () => gone.abort() }
}

/** Reads a stream as a browser does: the id that was seen last is remembered beyond its event. */
async function listen(query = '', headers?: Record<string, string>, address?: string) {
  const { answer, leave } = ask(query, headers, address)
  const response = await answer
  const told: Told[] = []
  let lastId: string | undefined
  let rest = ''
  const ended = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      rest += chunk
      const blocks = rest.split('\n\n')
      rest = blocks.pop() as string
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
        lastId = field('id') ?? lastId
        const data = field('data')
        if (data !== undefined)
          told.push({ name: field('event') ?? 'message', id: field('id'), data: JSON.parse(data) as Message })
      }
    }
  })().catch(() => undefined)
  const hears = (number: number) =>
    vi.waitFor(() => {
      expect(told.length).toBeGreaterThanOrEqual(number)
      return told
    }, patiently)
  return { response, told, hears, leave, ended, lastId: () => lastId }
}

describe('a stream of events', () => {
  test('tells what happened, and is neither cached nor held back by a proxy', async () => {
    const stream = await listen('?topics=shelf.books')
    const { headers } = stream.response
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-accel-buffering')).toBe('no')
    const book = await world.addBook(world.anna)
    const [event] = await stream.hears(1)
    expect(event).toEqual({
      name: 'message',
      id: expect.any(String),
      data: { type: 'event', id: event!.id, event: 'shelf.books.added', subject: book },
    })
    stream.leave()
  })

  test('resumes where it was cut off, by the id that the browser sends, even where nothing had been told yet', async () => {
    const stream = await listen()
    await vi.waitFor(() => expect(stream.lastId()).toEqual(expect.any(String)), patiently)
    stream.leave()
    await stream.ended
    const missed = await world.addBook(world.anna)
    const resumed = await listen('', { ...bearer(token), 'last-event-id': stream.lastId()! })
    const byAddress = await listen(`?topics=shelf.books&last=${stream.lastId()}`)
    for (const { told, leave } of [resumed, byAddress]) {
      await expect.poll(() => told.map(({ data }) => data.subject)).toContain(missed)
      leave()
    }
  })

  test('says reset to whoever comes with an id that it does not know', async () => {
    const stream = await listen('', { ...bearer(token), 'last-event-id': 'of another world' })
    const [reset] = await stream.hears(1)
    expect(reset).toMatchObject({ name: 'reset', id: expect.any(String), data: { reason: 'unknown' } })
    stream.leave()
  })

  test('answers what is refused with a status and a sentence, never with a stream', async () => {
    const cases: [string, Record<string, string>, number, string][] = [
      ['', {}, 401, 'unauthenticated'],
      ['?topics=shelf.lamps', bearer(token), 404, 'not_found'],
      ['?topics=', bearer(token), 400, 'invalid_input'],
      ['?topics=../x', bearer(token), 400, 'invalid_input'],
      ['?tenant=theirs', bearer(token), 400, 'invalid_input'],
      ['', { cookie: `tekup_access=${token}`, origin: 'https://evil.example' }, 403, 'csrf'],
    ]
    for (const [query, headers, status, code] of cases) {
      const answer = await ask(query, headers).answer
      expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
        status,
        code,
      ])
    }
    // Those that left in the tests before may be on their way out still.
    await expect.poll(() => world.core.live.size).toBe(0)
  })

  test('of a session that ends says so, and ends', async () => {
    const { accessToken } = await world.signIn('anna@nordlys.example')
    const stream = await listen('', bearer(accessToken))
    const who = await world.identity.authenticate({
      method: 'GET',
      headers: bearer(accessToken),
      cookies: {},
    })
    await world.identity.signOut(who.sessionId!)
    const [error] = await stream.hears(1)
    expect(error).toMatchObject({ name: 'error', data: { error: { code: 'unauthenticated' } } })
    await stream.ended
  })

  test('of a process that stops says when to come back, and does not hold it up', async () => {
    const there = await world.anotherProcess()
    const stream = await listen('', bearer(token), there.address)
    await vi.waitFor(() => expect(there.core.live.size).toBe(1), patiently)
    await there.close()
    await stream.ended
    expect(stream.told.at(-1)).toMatchObject({
      name: 'closing',
      data: { reconnectAfter: expect.any(Number) },
    })
  })

  test('that nobody takes costs no memory, and goes on with a reset', async () => {
    const there = await world.anotherProcess({}, { tick: 50, waitingBytes: 4_096 })
    const stream = ask('', bearer(token), there.address)
    const response = await stream.answer
    const tenant = world.anna.tenant.id
    const hints = Array.from({ length: 500 }, () => ({
      tenant,
      type: 'shelf.books.moved',
      subject: 'x'.repeat(100),
    }))
    const before = keptBytes()
    for (let round = 0; round < 200; round++) {
      there.core.live.tell(hints)
      await new Promise(setImmediate)
    }
    await tidiedAway(before)
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text = (text + chunk).slice(-1_000)
      if (/event: reset\n[^]*\n\n/.test(text)) break
    }
    expect(text).toContain('"reason":"slow"')
    stream.leave()
  })

  test('is described in the OpenAPI document, as are the WebSocket and its ticket', async () => {
    const document = await (
      await fetch(`${world.address}/api/v1/openapi.json`, { headers: bearer(token) })
    ).json()
    const { paths } = document as { paths: Record<string, Record<string, { summary: string }>> }
    expect(paths['/api/v1/events']?.get?.summary).toContain('server-sent events')
    expect(paths['/api/v1/realtime']?.get?.summary).toContain('WebSocket')
    expect(paths['/api/v1/realtime/ticket']?.post?.summary).toContain('ticket')
  })
})
