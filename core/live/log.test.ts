import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { createEventLog } from './log.ts'

const sessions = 4
const hour = 3_600_000

describe('whoever resumes from the event that they saw last', () => {
  let world: TestDatabase
  let clients: pg.Client[]

  beforeAll(async () => {
    world = await testDatabase()
    clients = await Promise.all(
      Array.from({ length: sessions }, async () => {
        const client = new pg.Client({ connectionString: world.adminUrl })
        await client.connect()
        return client
      }),
    )
  })
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()))
    await world.close()
  })

  const log = (overlap: number, mostEvents = 1_000) =>
    createEventLog(world.database, { overlap, mostEvents, mostRecent: 50 })
  const store = async (tenant: string, client: pg.ClientBase = world.admin, msecs = Date.now()) => {
    const id = uuidv7({ msecs })
    await client.query(
      `INSERT INTO platform.outbox (tenant_id, id, type, version, payload, actor, request_id)
       VALUES ($1, $2, 'shelf.books.added', 1, '{}', '{}', 'test')`,
      [tenant, id],
    )
    return id
  }
  /** Every test file has a database of its own on one server, and what is open in one of them counts for all. */
  const everythingBeforeIsOver = async (tenant: string, id: string) => {
    const over = async () =>
      (
        await world.admin.query<{ over: boolean }>(
          `SELECT xid < pg_snapshot_xmin(pg_current_snapshot()) AS over FROM platform.outbox WHERE tenant_id = $1 AND id = $2`,
          [tenant, id],
        )
      ).rows[0]?.over
    await expect.poll(over).toBe(true)
  }
  const idsAfter = async (tenant: string, last: string, overlap = 0) =>
    (await log(overlap).after(tenant, last))?.map(({ id }) => id)

  /** What transactions do, in turn: each stores when it is named and open, or begins; and at last commits or not. */
  const schedule = fc.array(
    fc.record({
      session: fc.nat(sessions - 1),
      does: fc.constantFrom('store', 'store', 'commit', 'commit', 'roll back', 'think'),
    }),
    { minLength: 5, maxLength: 30 },
  )

  test('loses nothing, in whatever order transactions began, stored and committed', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (steps) => {
        const tenant = randomUUID()
        const open: (string[] | undefined)[] = Array.from({ length: sessions })
        const told: string[] = []
        for (const { session, does } of steps) {
          const client = clients[session]!
          if (does === 'store' || does === 'think') {
            if (!open[session]) await client.query('BEGIN')
            open[session] ??= []
            // Ids of one millisecond, and of an hour in the wrong order: neither may be what order is read from.
            if (does === 'store')
              open[session].push(await store(tenant, client, Date.now() - Math.random() * hour))
          } else if (open[session]) {
            await client.query(does === 'commit' ? 'COMMIT' : 'ROLLBACK')
            if (does === 'commit') told.push(...open[session])
            open[session] = undefined
          }
        }
        for (const [session, stored] of open.entries()) {
          if (!stored) continue
          await clients[session]!.query('COMMIT')
          told.push(...stored)
        }
        for (const [place, last] of told.entries()) {
          const again = (await idsAfter(tenant, last)) ?? expect.fail('it is not known')
          expect([...told.slice(0, place + 1), ...again]).toEqual(expect.arrayContaining(told))
          expect(again).not.toContain(last)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('is not told again of what was certainly over before', async () => {
    const tenant = randomUUID()
    const long = Date.now() - hour
    const early = await store(tenant, world.admin, long)
    await everythingBeforeIsOver(tenant, early)
    const last = await store(tenant, world.admin, long + 1_000)
    expect(await idsAfter(tenant, early)).toEqual([last])
    expect(await idsAfter(tenant, last)).toEqual([])
  })

  test('is told again of what is younger than the overlap, for it may have come another way', async () => {
    const tenant = randomUUID()
    const now = Date.now()
    const old = await store(tenant, world.admin, now - 120_000)
    await everythingBeforeIsOver(tenant, old)
    const young = [
      await store(tenant, world.admin, now - 50_000),
      await store(tenant, world.admin, now - 10_000),
    ]
    const last = await store(tenant, world.admin, now)
    expect(await idsAfter(tenant, last, 60)).toEqual(young)
    expect(await idsAfter(tenant, last, 60)).not.toContain(old)
  })

  test('starts from the beginning where nothing had happened yet, and from the newest otherwise', async () => {
    const tenant = randomUUID()
    const beginning = await log(60).newest(tenant)
    const first = await store(tenant)
    expect(await log(60).newest(tenant)).toBe(first)
    expect(await idsAfter(tenant, beginning)).toEqual([first])
  })

  test('is told that the log does not know it: what is another company’s, was never there, is no id, or is too long ago', async () => {
    const [tenant, other] = [randomUUID(), randomUUID()]
    const theirs = await store(other)
    for (const last of [theirs, uuidv7(), 'not-an-id', ''])
      expect(await idsAfter(tenant, last, 60)).toBeUndefined()
    const first = await store(tenant)
    for (let more = 0; more < 4; more++) await store(tenant)
    expect(await log(0, 4).after(tenant, first)).toHaveLength(4)
    expect(await log(0, 3).after(tenant, first)).toBeUndefined()
  })
})

test('Whoever looks for what nobody told finds what each company did last, however much another does', async () => {
  const world = await testDatabase()
  const [busy, quiet] = [randomUUID(), randomUUID()]
  const store = (tenant: string, events: number) =>
    world.admin.query(
      `INSERT INTO platform.outbox (tenant_id, id, type, version, payload, actor, request_id)
       SELECT $1, i, 'shelf.books.added', 1, '{}', '{}', 'test' FROM unnest($2::uuid[]) AS i`,
      [tenant, Array.from({ length: events }, () => uuidv7())],
    )
  await store(busy, 200)
  await store(quiet, 1)
  const log = createEventLog(world.database, { overlap: 60, mostEvents: 1, mostRecent: 50 })
  const found = await log.recent([busy, quiet], Date.now() - hour)
  expect(found.filter(({ tenant }) => tenant === quiet)).toHaveLength(1)
  expect(found.filter(({ tenant }) => tenant === busy)).toHaveLength(25)
  expect(await log.recent([quiet], Date.now() + hour)).toEqual([])
  await world.close()
})
