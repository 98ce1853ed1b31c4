import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLogger } from '../observability/log.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { shelf } from '../testing/shelf/shelf.ts'
import { liveBounds } from './bounds.ts'
import type { Connection, Reader } from './connection.ts'
import type { LiveMessage } from './hint.ts'
import { createHub, type Hub } from './hub.ts'
import { createEventLog } from './log.ts'
import { createTopics } from './topics.ts'

let world: TestCore
let hub: Hub
let anna: Authenticated
beforeAll(async () => {
  world = await testCore([shelf])
})
afterAll(() => world.close())
beforeEach(() => {
  hub?.close()
  hub = createHub({
    topics: createTopics(world.core.registry),
    log: createEventLog(world.database),
    bounds: { ...liveBounds, perPerson: 1 },
    logger: createLogger({ level: 'silent', format: 'json' }),
    observe: world.core.metrics.live,
  })
  anna = world.callerOf(randomUUID())
})

interface Listening {
  readonly connection: Connection
  readonly told: LiveMessage[]
  /** Answers the look at who they are now, and waits for it where nobody has looked yet. */
  isNow(who: Authenticated): Promise<void>
}

async function listen(who: Authenticated, topics = ['shelf.books']): Promise<Listening> {
  const told: LiveMessage[] = []
  const looks: ((who: Authenticated) => void)[] = []
  const reader: Reader = {
    kind: 'socket',
    waiting: 0,
    send: (message) => told.push(message),
    ping: () => undefined,
    close: () => undefined,
    present: () => new Promise((resolve) => looks.push(resolve)),
  }
  const connection = hub.connect(who, reader)
  await connection.follow(topics)
  return {
    connection,
    told,
    isNow: async (now) => {
      await expect.poll(() => looks.length).toBeGreaterThan(0)
      looks.shift()!(now)
      await new Promise(setImmediate)
    },
  }
}

const moved = { type: 'shelf.books.moved', subject: 'one' }
const bookMoved = ({ tenant }: Authenticated) => hub.tell([{ ...moved, tenant: tenant.id }])
const told = { type: 'event', event: moved.type, subject: moved.subject }
const less = (who: Authenticated): Authenticated => ({ ...who, permissions: new Set() })

describe('while what a reader may do is changing', () => {
  test('nothing is told to them until it is known, and then only what they still may', async () => {
    const [losing, keeping] = [await listen(anna), await listen({ ...anna, actor: otherActor() })]
    hub.expectChange(anna.tenant.id)
    bookMoved(anna)
    expect([...losing.told, ...keeping.told]).toEqual([])
    hub.recheck(anna.tenant.id)
    bookMoved(anna)
    expect([...losing.told, ...keeping.told]).toEqual([])
    await losing.isNow(less(anna))
    await keeping.isNow(anna)
    expect(losing.told).toEqual([{ type: 'lost', topics: ['shelf.books'] }])
    expect(keeping.told).toMatchObject([told, told])
  })

  test('the others hear at once', async () => {
    const [one, other] = [await listen(anna), await listen(world.callerOf(randomUUID()))]
    hub.expectChange(anna.tenant.id)
    const { tenants } = hub
    for (const id of tenants()) hub.tell([{ ...moved, tenant: id }])
    expect(one.told).toEqual([])
    expect(other.told).toMatchObject([told])
  })

  test('a topic that was lost is not followed again by itself when the permission comes back', async () => {
    const one = await listen(anna)
    hub.recheck(anna.tenant.id)
    await one.isNow(less(anna))
    hub.recheck(anna.tenant.id)
    await one.isNow(anna)
    bookMoved(anna)
    expect(one.told).toEqual([{ type: 'lost', topics: ['shelf.books'] }])
  })
})

test('what one company missed, the others need not read again', async () => {
  const [one, other] = [await listen(anna), await listen(world.callerOf(randomUUID()))]
  hub.reset([anna.tenant.id])
  await expect.poll(() => one.told).toMatchObject([{ type: 'reset', reason: 'missed' }])
  expect(other.told).toEqual([])
})

test('who is of two companies has room in each', async () => {
  await listen(anna)
  await listen({ ...world.callerOf(randomUUID()), actor: anna.actor })
  await expect(listen(anna)).rejects.toMatchObject({ code: 'too_many_connections' })
})

function otherActor(): Authenticated['actor'] {
  return { kind: 'person', id: randomUUID(), name: 'Mikkel' }
}
