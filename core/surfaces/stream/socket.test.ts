import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearer, connect, openLiveWorld, type LiveWorld } from './testWorld.ts'

let world: LiveWorld
let token: Awaited<ReturnType<LiveWorld['tokens']>>

beforeAll(async () => {
  world = await openLiveWorld({ CORS_ORIGINS: 'https://app.example' })
  token = await world.tokens()
})
afterAll(() => world.close())

const client: LiveWorld['client'] = (...given) => world.client(...given)

describe('a WebSocket for live updates', () => {
  test('tells what happened, of which type, to which thing, and nothing of the thing itself', async () => {
    const anna = client(token.anna)
    expect(await anna.follow(['shelf.books'])).toEqual({
      type: 'subscribed',
      topics: ['shelf.books'],
      refused: [],
      last: expect.any(String),
    })
    const book = await world.addBook(world.anna, 'En meget hemmelig titel')
    const [event] = await anna.hears(1)
    expect(event).toEqual({
      type: 'event',
      id: expect.any(String),
      event: 'shelf.books.added',
      subject: book,
    })
    anna.close()
  })

  test('tells of one thing alone where that is followed, and of nothing after it has been let go', async () => {
    const [one, other] = [await world.addBook(world.anna), await world.addBook(world.anna)]
    const anna = client(token.anna)
    await anna.follow([`shelf.books/${one}`])
    world.core.live.tell([
      { tenant: world.anna.tenant.id, type: 'shelf.books.moved', subject: other },
      { tenant: world.anna.tenant.id, type: 'shelf.books.moved', subject: one },
    ])
    expect((await anna.hears(1)).map(({ subject }) => subject)).toEqual([one])
    await anna.ask({ type: 'unsubscribe', topics: [`shelf.books/${one}`] }, 'unsubscribed')
    world.core.live.tell([{ tenant: world.anna.tenant.id, type: 'shelf.books.moved', subject: one }])
    await anna.ask({ type: 'ping' }, 'pong')
    expect(anna.events()).toHaveLength(1)
    anna.close()
  })

  test('tells nobody of another company anything, whatever they follow', async () => {
    const [anna, sofie] = [client(token.anna), client(token.sofie)]
    await Promise.all([anna.follow(['*']), sofie.follow(['*', 'shelf.books'])])
    const theirs = await world.addBook(world.sofie)
    const ours = await world.addBook(world.anna)
    expect((await anna.hears(1)).map(({ subject }) => subject)).toEqual([ours])
    expect((await sofie.hears(1)).map(({ subject }) => subject)).toEqual([theirs])
    const foreign = await sofie.follow(['shelf.books'], anna.events()[0]!.id)
    expect(foreign.type).toBe('subscribed')
    expect(sofie.said.filter(({ type }) => type === 'reset')).toHaveLength(1)
    expect(sofie.events()).toHaveLength(1)
    for (const each of [anna, sofie]) each.close()
  })

  test('tells what concerns one person to that person alone', async () => {
    const [anna, mikkel] = [client(token.anna), client(token.mikkel)]
    await Promise.all([anna.follow(['shelf.books']), mikkel.follow(['shelf.books'])])
    const { tenant, actor } = world.mikkel
    world.core.live.tell([
      { tenant: tenant.id, type: 'shelf.books.lent', person: actor.id },
      { tenant: tenant.id, type: 'shelf.books.counted' },
    ])
    expect((await mikkel.hears(2)).map(({ event }) => event)).toEqual([
      'shelf.books.lent',
      'shelf.books.counted',
    ])
    expect((await anna.hears(1)).map(({ event }) => event)).toEqual(['shelf.books.counted'])
    for (const each of [anna, mikkel]) each.close()
  })

  test('tells what becomes of a job to whoever asked for it and to who looks after all jobs', async () => {
    const [anna, mikkel] = [client(token.anna), client(token.mikkel)]
    const { tenant, actor } = world.mikkel
    await Promise.all([anna.follow(['platform.jobs']), mikkel.follow(['platform.jobs'])])
    const audience = { tenant: tenant.id, type: 'platform.jobs.changed', permission: 'platform.jobs:write' }
    world.core.live.tell([
      { ...audience, subject: 'of nobody' },
      { ...audience, subject: 'of Mikkel', person: actor.id },
    ])
    expect((await anna.hears(2)).map(({ subject }) => subject)).toEqual(['of nobody', 'of Mikkel'])
    expect((await mikkel.hears(1)).map(({ subject }) => subject)).toEqual(['of Mikkel'])
    for (const each of [anna, mikkel]) each.close()
  })

  test('refuses topics that nobody knows or that one may not read, with a sentence, and follows the others', async () => {
    const key = (await world.call(world.anna, 'platform.apiKeys.create', {
      name: 'Program',
      scopes: ['shelf.books:read'],
    })) as { key: string }
    const program = connect(world.address, { 'x-api-key': key.key, 'accept-language': 'en' })
    const { topics, refused } = await program.follow(['shelf.books', 'shelf.lamps', 'platform.people'])
    expect(topics).toEqual(['shelf.books'])
    expect(refused).toEqual([
      { topic: 'shelf.lamps', code: 'not_found', message: expect.stringContaining('does not exist') },
      {
        topic: 'platform.people',
        code: 'forbidden',
        message: expect.stringContaining('platform.people:read'),
      },
    ])
    program.close()
  })

  test('resumes after a while away, with everything that happened meanwhile', async () => {
    const before = client(token.anna)
    const { last } = await before.follow(['shelf.books'])
    const seen = await world.addBook(world.anna)
    const [event] = await before.hears(1)
    before.close()
    await before.closed
    const missed = [await world.addBook(world.anna), await world.addBook(world.anna)]

    const after = client(token.anna)
    await after.follow(['shelf.books'], event!.id)
    expect((await after.hears(2)).map(({ subject }) => subject)).toEqual(expect.arrayContaining(missed))
    const fromTheStart = client(token.anna)
    await fromTheStart.follow(['shelf.books'], last)
    expect((await fromTheStart.hears(3)).map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([seen, ...missed]),
    )
    for (const each of [after, fromTheStart]) each.close()
  })

  test('says reset, and from where to go on, to whoever resumes from what it does not know', async () => {
    const anna = client(token.anna)
    await anna.follow(['shelf.books'], '019aa000-0000-7000-8000-00000000dead')
    const reset = anna.said.find(({ type }) => type === 'reset')
    expect(reset).toEqual({ type: 'reset', reason: 'unknown', last: expect.any(String) })
    anna.close()
  })

  test('reaches the readers of another process', async () => {
    const there = await world.anotherProcess()
    const anna = connect(there.address, bearer(token.anna))
    await anna.follow(['shelf.books'])
    const book = await world.addBook(world.anna)
    expect((await anna.hears(1)).map(({ subject }) => subject)).toEqual([book])
    expect(anna.events()).toHaveLength(1)
    await there.close()
    expect((await anna.closed).code).toBe(1012)
  })
})
