import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { redisProgram, startRedis, type RedisServer } from '../testing/redisServer.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { mill } from '../testing/mill/mill.ts'
import { balanced, bringWhateverHappens, end, groundOf, spawnWorker, throwOut } from './faults.fixture.ts'
import { companyOf, type Company } from './testWorld.ts'

if (!redisProgram)
  process.stderr.write('Skipped: faults of jobs over Redis, because redis-server is not installed.\n')

const stores = redisProgram ? (['PostgreSQL', 'Redis'] as const) : (['PostgreSQL'] as const)

/** To PostgreSQL, of one process: that of this test, and the one that works. */
const mostConnections = 16

describe.each(stores)('work of processes of their own, over %s', (store) => {
  let world: TestCore
  let redis: RedisServer | undefined
  const workers: ChildProcess[] = []

  beforeAll(async () => {
    world = await testCore([mill])
    const keeping = ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction']
    redis = store === 'Redis' ? await startRedis(redisProgram!, keeping) : undefined
  })
  afterEach(async () => {
    for (const worker of workers.splice(0)) await end(worker, 'SIGKILL')
  })
  afterAll(async () => {
    await world.close()
    await redis?.stop()
  })

  const work = async (ahead = 0): Promise<ChildProcess> => {
    const worker = await spawnWorker(world, { ahead, ...(redis && { redisUrl: redis.url }) })
    workers.push(worker)
    return worker
  }
  const newCompany = (): Company => companyOf(world, randomUUID())
  /** So many sacks, each ten times. */
  const bring = async ({ id }: Company, sacks: number): Promise<void> => {
    for (let sack = 0; sack < sacks; sack++) await bringWhateverHappens(world, id, 10)
  }
  const ground = async (company: Company): Promise<number> => (await company.flour()).length
  /** Events that stand no longer in the outbox alone. */
  const moved = async ({ id }: Company): Promise<number> => {
    const { rows } = await world.admin.query<{ moved: number }>(
      'SELECT count(relayed_at)::int AS moved FROM platform.outbox WHERE tenant_id = $1',
      [id],
    )
    return rows[0]!.moved
  }
  const expectAll = async (company: Company, sacks: number): Promise<void> => {
    await company.settled()
    expect(await groundOf(world, company.id)).toEqual(balanced(sacks, 10))
  }

  test('is taken over from one that is killed, whatever it was about', async () => {
    const company = newCompany()
    const first = await work()
    await bring(company, 20)
    await expect.poll(() => ground(company), { interval: 10 }).toBeGreaterThan(20)
    await end(first, 'SIGKILL')
    await work()
    await expectAll(company, 20)
  })

  // Events are moved on in PostgreSQL alone.
  if (store === 'PostgreSQL')
    test('begins once for each event though the process that moves events on is killed at it', async () => {
      const company = newCompany()
      const sacks = 100
      await bring(company, sacks)
      const killed = await work()
      await expect.poll(() => moved(company), { interval: 1 }).toBeGreaterThan(0)
      await end(killed, 'SIGKILL')
      await work()
      await expectAll(company, sacks)
    })

  test('goes on when the server has thrown everybody out, with no more connections than before', async () => {
    const company = newCompany()
    await work()
    for (let round = 0; round < 3; round++) {
      const before = await ground(company)
      await bring(company, 5)
      await throwOut(world, 1)
      await expect.poll(() => ground(company)).toBeGreaterThan(before)
    }
    await expectAll(company, 15)
    // The server may still be letting go of those that it threw out.
    const open = 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'
    const connections = async () => (await world.admin.query(open)).rowCount
    await expect.poll(connections).toBeLessThanOrEqual(2 * mostConnections)
  })

  test('is done once and in order by processes whose clocks are hours apart', async () => {
    const company = newCompany()
    const hour = 3_600_000
    await Promise.all([work(5 * hour), work(-5 * hour), work()])
    await bring(company, 20)
    await expectAll(company, 20)
  })

  test('is finished or handed back by one that is told to stop', async () => {
    const company = newCompany()
    const leaving = await work()
    await bring(company, 20)
    await expect.poll(() => ground(company), { interval: 10 }).toBeGreaterThan(0)
    await end(leaving, 'SIGTERM')
    expect(leaving.exitCode).toBe(0)
    await work()
    await expectAll(company, 20)
  })

  if (store === 'PostgreSQL') return
  test('goes on when Redis has been killed and comes back', async () => {
    const company = newCompany()
    await work()
    await bring(company, 10)
    await redis!.kill()
    await bring(company, 10)
    await redis!.restart()
    await expectAll(company, 20)
  })
})
