import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { openNotifications } from '../database/notifications.ts'
import { createLogger } from '../observability/log.ts'
import { cableTo, type Cable } from '../testing/cable.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { largestText, readText, textsOf, type Bus } from './bus.ts'
import type { Hint } from './hint.ts'
import { createOutgoing } from './outgoing.ts'
import { postgresBus } from './postgresBus.ts'
import { redisBus } from './redisBus.ts'
import { redisProgram, startRedis } from '../testing/redisServer.ts'

const log = createLogger({ level: 'silent', format: 'json' })
const patiently = { timeout: 120_000, interval: 20 }

interface BusWorld {
  /** A bus as another process has it. A server that is silent for as long as the heartbeat is given up. */
  open(heartbeat?: number): Bus
  /** Cuts every connection that listens, as an administrator can. */
  cut(): Promise<unknown>
  /** What each bus is connected over. */
  readonly cable: Cable
  close(): Promise<void>
}

function describeBus(name: string, openWorld: () => Promise<BusWorld>): void {
  describe(`processes that tell each other over ${name}`, () => {
    let world: BusWorld
    const buses: Bus[] = []

    beforeAll(async () => {
      world = await openWorld()
    })
    afterEach(async () => {
      for (const bus of buses.splice(0)) await bus.close()
    })
    afterAll(() => world.close())

    const listening = async (heartbeat?: number) => {
      const bus = world.open(heartbeat)
      buses.push(bus)
      const heard: string[] = []
      const hearing: boolean[] = []
      await bus.follow({ onText: (text) => heard.push(text), onHearing: (now) => hearing.push(now) })
      return { bus, heard, hearing }
    }
    type Listening = Awaited<ReturnType<typeof listening>>

    /** On a busy machine a connection may be given up, and made anew, in the middle of a word. */
    const saidUntilHeard = (from: Listening, by: Listening, word: string) =>
      vi.waitFor(async () => {
        await from.bus.say([word])
        expect(by.heard).toContain(word)
      }, patiently)

    test('hear what the others say, in its order, and not their own words', async () => {
      const [one, two, three] = [await listening(), await listening(), await listening()]
      await one.bus.say(['first', 'second'])
      await one.bus.say(['third'])
      for (const { heard } of [two, three])
        await vi.waitFor(() => expect(heard).toEqual(['first', 'second', 'third']), patiently)
      await two.bus.say(['æøå “😀” \n'])
      await vi.waitFor(() => expect(one.heard).toEqual(['æøå “😀” \n']), patiently)
    })

    test('take the largest text', async () => {
      const [one, two] = [await listening(), await listening()]
      await one.bus.say(['x'.repeat(largestText)])
      await vi.waitFor(() => expect(two.heard.map(({ length }) => length)).toEqual([largestText]), patiently)
    })

    test('are told when nothing is heard and when it is again, and then hear', async () => {
      const [one, two] = [await listening(), await listening()]
      await world.cut()
      await vi.waitFor(() => expect(two.hearing).toEqual([false, true]), patiently)
      await saidUntilHeard(one, two, 'after')
    })

    test('find out that packets vanish, and hear each other when they no longer do', async () => {
      const [one, two] = [await listening(500), await listening(500)]
      await saidUntilHeard(one, two, 'before')
      world.cable.silence()
      const isSaid = await one.bus.say(['lost']).then(
        () => true,
        () => false,
      )
      expect(isSaid).toBe(false)
      await vi.waitFor(() => expect(two.hearing.at(-1)).toBe(false), patiently)
      await world.cable.mend()
      await vi.waitFor(() => expect(two.hearing.at(-1)).toBe(true), patiently)
      await saidUntilHeard(one, two, 'after')
      expect(two.heard).not.toContain('lost')
    })
  })
}

describeBus('PostgreSQL', async () => {
  const world: TestDatabase = await testDatabase()
  const cable = await cableTo(world.runtimeUrl)
  return {
    cable,
    open: (heartbeat) => {
      const notifications = openNotifications({ url: cable.url, ...(heartbeat && { heartbeat }) })
      const bus = postgresBus(notifications)
      return { ...bus, close: () => notifications.close() }
    },
    cut: () =>
      world.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'tekup-listen'`),
    close: async () => {
      await cable.close()
      await world.close()
    },
  }
})

if (!redisProgram)
  process.stderr.write('Skipped: live updates over Redis, because redis-server is not installed.\n')
else
  describeBus('Redis', async () => {
    const redis = await startRedis(redisProgram!)
    const cable = await cableTo(redis.url)
    const channel = `test:${randomUUID()}`
    return {
      cable,
      open: (heartbeat) => redisBus({ url: cable.url, channel, log, ...(heartbeat && { heartbeat }) }),
      cut: () => redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub'),
      close: async () => {
        await cable.close()
        await redis.stop()
      },
    }
  })

const hint: fc.Arbitrary<Hint> = fc.record({
  tenant: fc.uuid(),
  id: fc.option(fc.uuid(), { nil: undefined }),
  type: fc.constantFrom('crm.contacts.updated', 'shelf.books.added'),
  subject: fc.option(fc.string({ maxLength: 300, unit: 'grapheme' }), { nil: undefined }),
  person: fc.option(fc.uuid(), { nil: undefined }),
  permission: fc.option(fc.constant('platform.jobs:write'), { nil: undefined }),
})

test('hints read as they were said, in their order, and no text is too large', () => {
  fc.assert(
    fc.property(fc.array(hint, { minLength: 1, maxLength: 200 }), (hints) => {
      const texts = textsOf({ hints })
      for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(largestText)
      const read = texts.flatMap((text) => (readText(text) as { hints: Hint[] }).hints)
      expect(read).toEqual(hints)
    }),
  )
})

test('a text that says something else is let be', () => {
  for (const text of ['', '7', '{}', '[]', 'null', '{"hints":[', '{"hints":"x"}'])
    expect(readText(text)).toBeUndefined()
})

test('what could not be said is not kept: the others are told which companies missed something, once they can be', async () => {
  const said: string[] = []
  let broken = true
  const outgoing = createOutgoing(
    {
      say: async (texts) => {
        if (broken) throw new Error('There is nobody.')
        said.push(...texts)
      },
    },
    log,
  )
  const [one, two] = [randomUUID(), randomUUID()]
  for (let round = 0; round < 100; round++) {
    outgoing.add([
      { tenant: one, type: 'shelf.books.moved' },
      { tenant: two, type: 'shelf.books.moved' },
    ])
    await new Promise(setImmediate)
  }
  broken = false
  await vi.waitFor(() => expect(said.map(readText)).toEqual([{ missed: [one, two] }]), patiently)
  outgoing.add([{ tenant: one, type: 'shelf.books.added' }])
  await vi.waitFor(
    () => expect(said.map(readText).at(-1)).toEqual({ hints: [{ tenant: one, type: 'shelf.books.added' }] }),
    patiently,
  )
  await outgoing.settled()
})
