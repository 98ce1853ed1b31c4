import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { post } from '../operations/post.fixture.ts'
import { ask, bakeLater, grindLater, mill } from '../testing/mill/mill.ts'
import { job } from './job.ts'
import { endWithin, readParcel, type Row } from './rows.ts'
import { jobsWorld, type JobsWorld } from './testWorld.ts'
import { mayShare, Pace, shareTransaction, Undone } from './together.ts'
import { listWork, ruled } from './work.ts'

let world: JobsWorld
beforeAll(async () => {
  world = await jobsWorld()
})
afterAll(() => world.close())

describe('pieces that share a transaction', () => {
  const tenant = randomUUID()
  // No further piece begins in a transaction that has taken long: here, none has.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(async () => {
    vi.useRealTimers()
    await world.admin.query('DELETE FROM mill.flour')
  })
  const grind =
    (number: number, then: () => void = () => undefined) =>
    async (transaction: TenantTransaction): Promise<bigint> => {
      const [row] = await transaction.query<{ xid: bigint }>(sql`
        INSERT INTO mill.flour (tenant_id, id, sack, number, actor, begun_at)
        VALUES (${tenant}, ${randomUUID()}, 'shared', ${number}, 'nobody', now()) RETURNING pg_current_xact_id() AS xid`)
      then()
      return row!.xid
    }
  const ground = async (): Promise<number[]> =>
    (await world.admin.query<{ number: number }>('SELECT number FROM mill.flour ORDER BY position')).rows.map(
      ({ number }) => number,
    )

  test('wait for each other, and are committed at once, in their order', async () => {
    const [first, second, third] = shareTransaction(world.database, tenant, 3)
    const begun = [first!.transact(grind(1)), second!.transact(grind(2))]
    expect(await ground()).toEqual([])
    third!.leave()
    const [one, two] = await Promise.all(begun)
    expect(one).toBe(two)
    expect(await ground()).toEqual([1, 2])
  })

  test('are undone together where one fails, and none hears why but one that is alone', async () => {
    const fail = (): never => {
      throw new Error('the millstone broke')
    }
    const places = shareTransaction(world.database, tenant, 3)
    const settled = await Promise.allSettled([
      places[0]!.transact(grind(1)),
      places[1]!.transact(grind(2, fail)),
      places[2]!.transact(grind(3)),
    ])
    // The third had not begun when the second broke, so it has a transaction of its own.
    expect(settled).toMatchObject([
      { reason: expect.any(Undone) },
      { reason: expect.any(Undone) },
      { status: 'fulfilled' },
    ])
    expect(await ground()).toEqual([3])
    const [alone] = shareTransaction(world.database, tenant, 1)
    await expect(alone!.transact(grind(4, fail))).rejects.toThrow('the millstone broke')
  })
})

test('Only a piece that is known to be short, has not failed and speaks with nobody shares a transaction', () => {
  const postLater = job({ name: 'post.parcels.sendLater', operation: post.operations[0]! })
  const work = listWork([mill, { ...post, jobs: [postLater] }])
  const pace = new Pace()
  for (const { name } of [grindLater, postLater, ruled]) pace.took(name, 1)
  const shares = (name: string, attempts = 1) => mayShare({ work, pace }, { name, attempts })
  expect(shares(grindLater.name)).toBe(true)
  expect(shares(grindLater.name, 2)).toBe(false)
  for (const { name } of [bakeLater, postLater, ruled]) expect(shares(name), name).toBe(false)
  pace.took(bakeLater.name, 500)
  expect(shares(bakeLater.name)).toBe(false)
})

describe('a worker that comes late', () => {
  const job = async () => {
    const company = world.newCompany()
    const { ids } = await company.run(ask, { sack: 'late', number: 1, after: 3_600_000 })
    const { rows } = await world.admin.query<Row>(
      `UPDATE platform.jobs SET status = 'running', attempts = 2, piece = 1 WHERE tenant_id = $1 RETURNING *`,
      [company.id],
    )
    expect(rows).toMatchObject([{ id: (ids as string[])[0] }])
    return { company, row: rows[0]! }
  }
  /** What a worker does at the end of a piece that it read as this row. */
  const end = (row: Row) =>
    world.database.transaction(row.tenant_id, 'READ WRITE', async (transaction) => {
      await transaction.query(sql`
        INSERT INTO mill.flour (tenant_id, id, sack, number, actor, begun_at)
        VALUES (${row.tenant_id}, ${randomUUID()}, 'late', 1, 'nobody', now())`)
      endWithin(transaction, row, {})
    })

  test.each([
    ['a try that was taken from it', { attempts: 1 }],
    ['a piece that another has ended', { piece: 0 }],
  ])('has no effect with %s, and leaves the job as it is', async (_, read) => {
    const { company, row } = await job()
    await expect(end({ ...row, ...read })).rejects.toMatchObject({ code: 'TU001' })
    expect(await company.flour()).toEqual([])
    expect(await company.jobs()).toEqual([row])
    await end(row)
    expect(await company.jobs()).toMatchObject([{ status: 'done', attempts: 2, piece: 1 }])
  })

  test('finds nothing to do in a parcel whose jobs have been handed out anew', async () => {
    const { company, row } = await job()
    const [before, present] = [randomUUID(), randomUUID()]
    await world.admin.query('UPDATE platform.jobs SET batch = $2 WHERE tenant_id = $1', [company.id, present])
    const read = (id: string) =>
      readParcel(world.database, { id, tenant: company.id, jobs: [row.id], priority: 0 })
    expect(await read(before)).toEqual([])
    expect(await read(present)).toMatchObject([{ id: row.id }])
  })
})

test('One that hangs costs the others of its parcel no try', async () => {
  world.start()
  const company = world.newCompany()
  await company.run(ask, { sack: 'short', number: 0, as: 'brief' })
  await company.settled()
  await company.together(async () => {
    for (const [number, how] of [
      [1, 'well'],
      [2, 'hangs'],
      [3, 'well'],
    ] as const)
      // prettier-ignore
      await company.run(ask, { sack: 'well', number, how, as: 'brief' })
  })
  const jobs = await company.settled()
  expect(jobs.map(({ status, attempts }) => [status, attempts])).toEqual([
    ['done', 1],
    ['done', 1],
    ['failed', 3],
    ['done', 1],
  ])
})

test('One of many that fails is tried again by itself, and the others are done once', async () => {
  const company = world.newCompany()
  const names = async (status: string): Promise<number> =>
    (await company.jobs()).filter((job) => job.status === status).length
  // The first shows that such a job is short.
  await company.run(ask, { sack: 'short', number: 0 })
  await company.settled()
  // Good and bad in turn.
  await company.together(async () => {
    for (let number = 1; number <= 20; number++) {
      await company.run(ask, { sack: 'many', number })
      if (number % 4 === 2) await company.run(ask, { sack: 'broken', number, how: 'throws' })
      if (number % 4 === 0) await company.run(ask, { sack: 'refused', number, how: 'refuses' })
    }
  })
  await company.settled()
  expect([await names('done'), await names('failed')]).toEqual([21, 10])
  const flour = (await company.flour()).filter(({ sack }) => sack !== 'short')
  expect(flour.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, place) => place + 1),
  )
  const { rows } = await world.admin.query<{ outcome: string; lines: number }>(
    `SELECT outcome, count(*)::int AS lines FROM platform.audit
     WHERE tenant_id = $1 AND operation = 'mill.flour.grind' GROUP BY 1 ORDER BY 1`,
    [company.id],
  )
  // Three tries of each that throws, one of each that refuses; what was undone is not told of.
  expect(rows).toEqual([
    { outcome: 'done', lines: 21 },
    { outcome: 'failed', lines: 15 },
    { outcome: 'refused', lines: 5 },
  ])
})
