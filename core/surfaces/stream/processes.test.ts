import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { redisProgram, startRedis, type RedisServer } from '../../testing/redisServer.ts'
import { bearer, connect, openLiveWorld, patiently, type LiveProcess, type LiveWorld } from './testWorld.ts'

if (!redisProgram)
  process.stderr.write('Skipped: processes that share a Redis, because redis-server is not installed.\n')

const stores = redisProgram ? (['PostgreSQL', 'Redis'] as const) : (['PostgreSQL'] as const)

describe.each(stores)('readers of two processes that share %s', (store) => {
  let redis: RedisServer | undefined
  let world: LiveWorld
  let there: LiveProcess
  let token: string

  beforeAll(async () => {
    redis = store === 'Redis' ? await startRedis(redisProgram!) : undefined
    world = await openLiveWorld(redis && { REDIS_URL: redis.url })
    there = await world.anotherProcess()
    token = (await world.signIn('anna@nordlys.example')).accessToken
  })
  afterAll(async () => {
    await world.close()
    await redis?.stop()
  })

  const cut = () =>
    redis
      ? redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
      : world.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'tekup-listen'`)

  test('hear each event once, wherever it happened', async () => {
    const [here, far] = [connect(world.address, bearer(token)), connect(there.address, bearer(token))]
    await Promise.all([here.follow(['shelf.books']), far.follow(['shelf.books'])])
    const books = [
      await world.addBook(world.anna),
      await there.addBook(world.anna),
      await world.addBook(world.anna),
    ]
    for (const client of [here, far]) {
      const events = await client.hears(3)
      expect(events.map(({ subject }) => subject).toSorted()).toEqual(books.toSorted())
      await client.ask({ type: 'ping' }, 'pong')
      expect(client.events()).toHaveLength(3)
      client.close()
    }
  })

  test('miss nothing of what many write at once while they come and go', async () => {
    const heard = new Set<string>()
    let last: string | undefined
    const writing = new AbortController()
    const reading = (async () => {
      for (let visit = 0; !writing.signal.aborted || visit === 0; visit++) {
        const client = connect(visit % 2 === 0 ? world.address : there.address, bearer(token))
        const followed = await client.follow(['shelf.books'], last)
        last ??= followed.last
        await new Promise((later) => setTimeout(later, 30))
        // What came before this line was seen, in its order; what comes after it was not.
        const events = client.events()
        client.socket.terminate()
        for (const { subject } of events) heard.add(subject!)
        last = events.at(-1)?.id ?? last
      }
    })()
    const books = await Promise.all(
      Array.from({ length: 120 }, async (_, book) => {
        await new Promise((later) => setTimeout(later, book * 8))
        return (book % 2 === 0 ? world : there).addBook(world.anna)
      }),
    )
    writing.abort()
    await reading
    const client = connect(there.address, bearer(token))
    await client.follow(['shelf.books'], last)
    for (const { subject } of client.events()) heard.add(subject!)
    expect(books.filter((book) => !heard.has(book))).toEqual([])
    client.close()
  })

  test('hear of what a process committed that died before it told anybody, and of nothing twice', async () => {
    const watchful = await world.anotherProcess({}, { sweep: 100 })
    const client = connect(watchful.address, bearer(token))
    await client.follow(['shelf.books'])
    const store = (subject: string) =>
      world.admin.query(
        `INSERT INTO platform.outbox (tenant_id, id, type, version, payload, subject, actor, request_id)
         VALUES ($1, $2, 'shelf.books.added', 1, '{}', $3, '{}', 'test')`,
        [world.anna.tenant.id, uuidv7(), subject],
      )
    const subjects = () => client.events().map(({ subject }) => subject!)
    await store('unheard of')
    await vi.waitFor(() => expect(subjects()).toContain('unheard of'), patiently)
    const book = await world.addBook(world.anna)
    for (const later of ['a look later', 'another look later']) {
      await store(later)
      await vi.waitFor(() => expect(subjects()).toContain(later), patiently)
    }
    expect(subjects().filter((subject) => ['unheard of', book].includes(subject))).toHaveLength(2)
    await watchful.close()
  })

  test('are told to read again when what processes hear each other by was cut, and then hear again', async () => {
    const client = connect(there.address, bearer(token))
    await client.follow(['shelf.books'])
    await cut()
    const reset = await vi.waitFor(
      () => client.said.find(({ type }) => type === 'reset') ?? expect.fail('no reset'),
      patiently,
    )
    expect(reset).toEqual({ type: 'reset', reason: 'missed', last: expect.any(String) })
    const heard = client.events().length
    await vi.waitFor(async () => {
      await world.addBook(world.anna)
      expect(client.events().length).toBeGreaterThan(heard)
    }, patiently)
    client.close()
  })
})
