import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exchangeCount } from '../database/tenantClient.ts'
import { sql } from '../database/sql.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { createAuditTrail, type AuditTrail } from './groupCommit.ts'
import type { AuditLine } from './line.ts'

describe('a read with its line of the trail', () => {
  const tenant = '019aa000-0000-7000-8000-00000000000a'
  let world: TestDatabase
  let trail: AuditTrail

  beforeAll(async () => {
    world = await testDatabase()
    trail = createAuditTrail(world.database)
    await read('warm')
  })
  afterAll(() => world.close())

  const lineOf = (request: string): AuditLine => ({
    tenant_id: tenant,
    id: randomUUID(),
    at: '2026-11-22T08:00:00Z',
    actor_kind: 'person',
    actor_id: 'anna',
    actor_name: 'Anna',
    person_id: null,
    operation: 'shelf.books.list',
    effect: 'read',
    outcome: 'done',
    code: null,
    surface: 'rest',
    conversation_id: null,
    request_id: request,
    subject_id: null,
    input: {},
  })
  const read = (request: string, statement = sql`SELECT app.tenant() AS tenant`) =>
    trail.recordedRead<{ tenant: string }>(tenant, statement, lineOf(request))
  /** In which transactions the lines of requests like this were stored. */
  const storedOf = async (requests: string) => {
    const stored = await world.admin.query<{ transaction: string }>(
      'SELECT xmin::text AS transaction FROM platform.audit WHERE request_id LIKE $1',
      [requests],
    )
    return stored.rows.map(({ transaction }) => transaction)
  }

  test('takes one exchange where nobody else reads', async () => {
    const before = exchangeCount.exchanges
    expect(await read('alone')).toEqual([{ tenant }])
    expect(exchangeCount.exchanges - before).toBe(1)
    expect(await storedOf('alone')).toHaveLength(1)
  })

  test('shares a commit with others where many read at once, and is answered when its own line is there', async () => {
    const requests = Array.from({ length: 60 }, (_, index) => `many ${index}`)
    await Promise.all(
      requests.map(async (request) => {
        expect(await read(request)).toEqual([{ tenant }])
        expect(await storedOf(request)).toHaveLength(1)
      }),
    )
    expect(new Set(await storedOf('many %')).size).toBeLessThan(requests.length / 2)
  })

  test.each([1, 30])('leaves no line of reads that fail, %i at once', async (count) => {
    const reads = Array.from({ length: count }, () => read('broken', sql`SELECT (1 / 0)::text AS tenant`))
    for (const each of await Promise.allSettled(reads)) expect(each.status).toBe('rejected')
    expect(await storedOf('broken')).toEqual([])
    expect(await read('after')).toEqual([{ tenant }])
  })
})
