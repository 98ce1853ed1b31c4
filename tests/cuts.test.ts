import { setTimeout as sleep } from 'node:timers/promises'
import { describe, test } from 'vitest'
import {
  cableTo,
  redisProgram,
  startRedis,
  testDatabase,
  type RedisServer,
  type TestDatabase,
} from '#core/testing'
import { makeCompany, startProduct, type Product } from './process.ts'
import { eachOnce, outcomeOfLeads, sendLeads } from './steadyLeads.ts'

/* The way to a server is cut for half a minute. The times are those that the operators' guide promises. */

const half = 30_000
const answersWithin = 20_000
const servesAgainWithin = 15_000
const worksAgainWithin = 45_000
const mostConnections = 16

const ways = ['silence', 'refuse'] as const
const servers = redisProgram ? (['PostgreSQL', 'Redis'] as const) : (['PostgreSQL'] as const)
if (!redisProgram)
  process.stderr.write('Skipped: the way to Redis cut, because redis-server is not installed.\n')

describe('a process whose way to a server is cut for half a minute', { timeout: 600_000 }, () => {
  const cuts = servers.flatMap((server) => ways.map((way) => [server, way] as const))

  test.concurrent.for(cuts)(
    'to %s (%s) refuses what it cannot do now, and does everything once when it is mended',
    async ([server, way], { expect }) => {
      const { world, cable, product, close } = await openWorld(server)
      try {
        // The queue is opened a moment after the first pages can go out.
        await expect.poll(product.said).toContain('jobs are worked on')
        const leads = await sendLeads({ address: product.address, answersWithin })
        await leads.more(4, 60_000)
        await cable[way]()
        await sleep(half)
        expect(await statuses(product)).toMatchObject({
          '/health': 200,
          '/metrics': 200,
          ...(server === 'PostgreSQL' && { '/ready': 503 }),
        })
        await cable.mend()
        await leads.more(2, servesAgainWithin)
        await leads.end()
        await expect
          .poll(() => outcomeOfLeads(world), { timeout: worksAgainWithin, interval: 200 })
          .toEqual(eachOnce(leads.acknowledged))
        expect(new Set(leads.refused.map(({ status, code }) => `${status} ${code}`))).toEqual(
          new Set(server === 'PostgreSQL' ? ['503 unavailable'] : []),
        )
        expect(await openConnections(world)).toBeLessThanOrEqual(mostConnections)
        await expect
          .poll(() => statuses(product), { timeout: worksAgainWithin })
          .toMatchObject({ '/ready': 200 })
      } finally {
        await close()
      }
    },
  )
})

/** What those who watch over a process are answered, each within five seconds. */
async function statuses({ address }: Product): Promise<Record<string, number>> {
  const asked = ['/health', '/metrics', '/ready'].map(async (path) => {
    const { status } = await fetch(`${address}${path}`, { signal: AbortSignal.timeout(5_000) })
    return [path, status] as const
  })
  return Object.fromEntries(await Promise.all(asked))
}

/** One process that answers and works, with a cable to one of its servers. */
async function openWorld(server: (typeof servers)[number]) {
  const world = await testDatabase()
  await makeCompany(world.adminUrl)
  const redis = server === 'Redis' ? await keepingRedis() : undefined
  const cable = await cableTo(redis?.url ?? world.adminUrl)
  const product = await startProduct({
    ...(redis ? { DATABASE_URL: world.adminUrl, REDIS_URL: cable.url } : { DATABASE_URL: cable.url }),
    RATE_LIMIT_PER_MINUTE: '100000',
    LOG_LEVEL: 'info',
  })
  const close = async (): Promise<void> => {
    product.process.kill('SIGKILL')
    await product.ended
    await cable.close()
    await redis?.stop()
    await world.close()
  }
  return { world, cable, product, close }
}

const keepingRedis = (): Promise<RedisServer> =>
  startRedis(redisProgram!, ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction'])

async function openConnections({ admin }: TestDatabase): Promise<number> {
  const { rows } = await admin.query<{ open: number }>(
    `SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'tekup%'`,
  )
  return rows[0]!.open
}
