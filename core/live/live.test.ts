import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAccessChanges } from '../identity/index.ts'
import { createLogger } from '../observability/log.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { shelf } from '../testing/shelf/shelf.ts'
import type { LiveMessage } from './hint.ts'
import { createLive } from './live.ts'

let world: TestCore
beforeAll(async () => {
  world = await testCore([shelf])
})
afterAll(() => world.close())

test('What a process has stored is told to the others though a look found it here before its word', async () => {
  const said: string[] = []
  const live = createLive({
    database: world.database,
    registry: world.core.registry,
    bus: {
      say: async (texts) => void said.push(...texts),
      follow: async () => undefined,
      close: async () => undefined,
    },
    log: createLogger({ level: 'silent', format: 'json' }),
    changes: createAccessChanges(),
    observe: world.core.metrics.live,
    bounds: { sweep: 20 },
  })
  const who = world.callerOf(randomUUID())
  const told: LiveMessage[] = []
  const reading = live.connect(who, {
    kind: 'socket',
    waiting: 0,
    send: (message) => void told.push(message),
    ping: () => undefined,
    close: () => undefined,
    present: async () => who,
  })
  await reading.follow(['shelf.books'])
  const hint = { tenant: who.tenant.id, id: uuidv7(), type: 'shelf.books.added', subject: 'a book' }
  await world.admin.query(
    `INSERT INTO platform.outbox (tenant_id, id, type, version, payload, subject, actor, request_id)
     VALUES ($1, $2, $3, 1, '{}', $4, '{}', 'test')`,
    [hint.tenant, hint.id, hint.type, hint.subject],
  )
  await expect.poll(() => told).toMatchObject([{ type: 'event', id: hint.id }])
  live.tell([hint])
  await expect.poll(() => said.join('')).toContain(hint.id)
  expect(told).toHaveLength(1)
  await live.close()
})
