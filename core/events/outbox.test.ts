import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { sql } from '../database/sql.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { emitted, eventType } from './event.ts'
import { createOutbox, type EventSource, type StoredEvent } from './outbox.ts'

const moved = eventType({
  name: 'shelf.books.moved',
  version: 1,
  payload: z.object({ id: z.string(), to: z.uuid() }),
  person: ({ to }) => to,
})
const counted = eventType({
  name: 'shelf.shelves.counted',
  version: 1,
  payload: z.object({ books: z.int() }),
})

describe('the outbox', () => {
  let world: TestDatabase
  const tenant = randomUUID()
  const source: EventSource = {
    tenant: { id: tenant, name: 'Test' },
    actor: { kind: 'job', id: 'test', name: 'Test' },
    origin: { surface: 'job', requestId: 'test' },
  }

  beforeAll(async () => {
    world = await testDatabase()
  })
  afterAll(() => world.close())

  test('stores what an event is about and whom it concerns, and tells of it once it is committed', async () => {
    const outbox = createOutbox()
    const told: StoredEvent[] = []
    outbox.onStored((events) => told.push(...events))
    const person = randomUUID()
    await world.database.transaction(tenant, 'READ WRITE', async (transaction) => {
      outbox.store(transaction, source, [
        emitted(moved, { id: 'b1', to: person }),
        emitted(counted, { books: 2 }),
      ])
      await transaction.query(sql`SELECT 1`)
      expect(told).toEqual([])
    })
    expect(told).toEqual([
      { tenant, id: expect.any(String), type: 'shelf.books.moved', subject: 'b1', person },
      { tenant, id: expect.any(String), type: 'shelf.shelves.counted' },
    ])
    const { rows } = await world.admin.query(
      'SELECT id, type, subject, person_id AS person, xid >= floor AS ordered FROM platform.outbox WHERE tenant_id = $1 ORDER BY id',
      [tenant],
    )
    expect(rows).toEqual([
      { id: told[0]!.id, type: 'shelf.books.moved', subject: 'b1', person, ordered: true },
      { id: told[1]!.id, type: 'shelf.shelves.counted', subject: null, person: null, ordered: true },
    ])
  })

  test('tells nothing of what is rolled back', async () => {
    const outbox = createOutbox()
    const told: StoredEvent[] = []
    outbox.onStored((events) => told.push(...events))
    const failing = world.database.transaction(tenant, 'READ WRITE', async (transaction) => {
      outbox.store(transaction, source, [emitted(counted, { books: 3 })])
      throw new Error('No.')
    })
    await expect(failing).rejects.toThrow('No.')
    expect(told).toEqual([])
  })
})
