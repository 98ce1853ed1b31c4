import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import {
  bearer,
  connect,
  keptBytes,
  openLiveWorld,
  patiently,
  tidiedAway,
  type LiveProcess,
  type LiveWorld,
  type TestClient,
} from './testWorld.ts'

let world: LiveWorld
let small: LiveProcess
let token: string

beforeAll(async () => {
  world = await openLiveWorld()
  small = await world.anotherProcess({}, { perPerson: 4, topics: 3 })
  token = (await world.signIn('anna@nordlys.example')).accessToken
})
afterAll(() => world.close())

const english = { 'accept-language': 'en' }
const client = (process: LiveProcess = world): TestClient =>
  connect(process.address, { ...bearer(token), ...english })
const opened = async (given: TestClient): Promise<TestClient> => {
  await once(given.socket, 'open')
  return given
}
const lastError = ({ said }: TestClient) => said.findLast(({ type }) => type === 'error')?.error
/** Lines of what a process tells Prometheus of its readers. */
const figures = async ({ core }: LiveProcess, ...names: string[]): Promise<string[]> =>
  (await core.metrics.text())
    .split('\n')
    .filter((line) => names.some((name) => line.startsWith(`tekup_live_${name}{`)))

describe('what a hostile client sends', () => {
  test('a frame larger than any message is refused unread', async () => {
    const anna = await opened(client())
    anna.send('x'.repeat(100_000))
    expect((await anna.closed).code).toBe(1009)
  })

  test('a message that is too large, binary or no JSON is answered with a sentence and a close code', async () => {
    const cases: [unknown, number, string][] = [
      [`"${'x'.repeat(20_000)}"`, 1009, 'too_large'],
      [Buffer.from([1, 2, 3]), 1003, 'unsupported_media_type'],
      ['{"type":', 1007, 'malformed_body'],
    ]
    for (const [message, code, error] of cases) {
      const anna = await opened(client())
      anna.send(message)
      expect((await anna.closed).code).toBe(code)
      expect(lastError(anna)).toMatchObject({ code: error, message: expect.stringMatching(/\.$/) })
    }
  })

  test('JSON that says nothing we know is answered with a sentence, and the WebSocket stays', async () => {
    const anna = await opened(client())
    const nonsense = [null, 7, [], {}, { type: 'shout' }, { type: 'subscribe' }, { type: 'subscribe', topics: [] },
      { type: 'subscribe', topics: ['../../etc'] }, { type: 'subscribe', topics: ['shelf.books'], tenant: 'theirs' },
      { type: 'subscribe', topics: ['shelf.books'], last: 'never' }] // prettier-ignore
    for (const message of nonsense) {
      const answer = await anna.ask(message, 'error')
      expect(answer.error).toMatchObject({ code: 'invalid_input', requestId: expect.any(String) })
    }
    expect((await anna.follow(['shelf.books'])).topics).toEqual(['shelf.books'])
    anna.close()
  })

  test('a flood of messages ends the WebSocket', async () => {
    const anna = await opened(client())
    for (let sent = 0; sent < 200; sent++) anna.send({ type: 'ping' })
    expect((await anna.closed).code).toBe(1008)
    expect(lastError(anna)?.code).toBe('rate_limited')
    expect(anna.said.filter(({ type }) => type === 'pong').length).toBeLessThanOrEqual(50)
  })

  test('more topics than one may follow are refused, those that there is room for are followed', async () => {
    const anna = client(small)
    const books = ['a', 'b', 'c', 'd'].map((id) => `shelf.books/${id}`)
    const { topics, refused } = await anna.follow(books)
    expect(topics).toEqual(books.slice(0, 3))
    expect(refused).toMatchObject([
      { topic: books[3], code: 'too_many_topics', message: expect.stringContaining('3') },
    ])
    anna.close()
    await anna.closed
  })

  test('one WebSocket too many of a person is closed with a sentence; when one goes, another may come', async () => {
    await vi.waitFor(() => expect(small.core.live.size).toBe(0), patiently)
    const four = await Promise.all([1, 2, 3, 4].map(() => opened(client(small))))
    const fifth = client(small)
    expect((await fifth.closed).code).toBe(4429)
    expect(lastError(fifth)).toMatchObject({
      code: 'too_many_connections',
      message: expect.stringContaining('4'),
    })
    expect(await figures(small, 'connections', 'refusals_total')).toEqual([
      'tekup_live_connections{kind="socket"} 4',
      'tekup_live_connections{kind="stream"} 0',
      'tekup_live_refusals_total{bound="person"} 1',
      'tekup_live_refusals_total{bound="tenant"} 0',
    ])
    four[0]!.close()
    await four[0]!.closed
    await vi.waitFor(() => expect(small.core.live.size).toBe(3), patiently)
    const sixth = await opened(client(small))
    for (const each of [...four, sixth]) each.close()
  })

  test('an address that speaks no WebSocket takes none, and this one takes nothing else', async () => {
    const plain = await fetch(`${world.address}/api/v1/realtime`, { headers: english })
    expect(plain.status).toBe(426)
    expect(await plain.json()).toMatchObject({ error: { code: 'upgrade_required' } })
    const socket = new WebSocket(`${world.address.replace('http', 'ws')}/api/v1/shelf/books`, {
      headers: bearer(token),
    })
    socket.on('error', () => undefined)
    await once(socket, 'close')
    expect((await fetch(`${world.address}/health`)).status).toBe(200)
  })
})

describe('a reader', () => {
  test('who gives no sign of life is closed', async () => {
    const watchful = await world.anotherProcess({}, { tick: 50, heartbeat: 100 })
    const anna = await opened(client(watchful))
    ;(anna.socket as unknown as { pong: () => void }).pong = () => undefined
    anna.socket.on('ping', () => undefined)
    Object.assign(anna.socket, { _autoPong: false })
    expect((await anna.closed).code).toBe(1006)
  })

  test('who lags behind costs no memory, is told to read again once they catch up, and then hears again', async () => {
    const patient = await world.anotherProcess({}, { tick: 50, waitingBytes: 4_096 })
    const anna = await opened(client(patient))
    await anna.follow(['shelf.books'])
    stopReading(anna)
    const tenant = world.anna.tenant.id
    const before = keptBytes()
    for (let round = 0; round < 200; round++) {
      patient.core.live.tell(
        Array.from({ length: 500 }, () => ({ tenant, type: 'shelf.books.moved', subject: 'x'.repeat(100) })),
      )
      await new Promise(setImmediate)
    }
    await tidiedAway(before)
    readOn(anna)
    const reset = await vi.waitFor(
      () => anna.said.find(({ type }) => type === 'reset') ?? expect.fail('no reset'),
      patiently,
    )
    expect(reset).toEqual({ type: 'reset', reason: 'slow', last: expect.any(String) })
    expect(await figures(patient, 'resets_total')).toContain('tekup_live_resets_total{reason="slow"} 1')
    expect(anna.events().length).toBeLessThan(100_000)
    const heard = anna.events().length
    await patient.addBook(world.anna)
    await anna.hears(heard + 1)
    anna.close()
  })

  test('who does not catch up is let go', async () => {
    const strict = await world.anotherProcess({}, { tick: 50, waitingBytes: 4_096, lagging: 300 })
    const anna = await opened(client(strict))
    await anna.follow(['shelf.books'])
    stopReading(anna)
    const tenant = world.anna.tenant.id
    const subject = 'x'.repeat(100)
    await vi.waitFor(
      async () => {
        strict.core.live.tell(
          Array.from({ length: 2_000 }, () => ({ tenant, type: 'shelf.books.moved', subject })),
        )
        expect(strict.core.live.size).toBe(0)
      },
      { ...patiently, interval: 50 },
    )
    readOn(anna)
    await anna.closed
  })
})

const underlying = ({ socket }: TestClient) => (socket as unknown as { _socket: Socket })._socket
const stopReading = (given: TestClient): void => void underlying(given).pause()
const readOn = (given: TestClient): void => void underlying(given).resume()
