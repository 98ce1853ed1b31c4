import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConfigFault } from '../config.ts'
import { redisProgram, startRedis, type RedisServer } from '../testing/redisServer.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { describeJobStore } from '../testing/describeJobStore.ts'
import { openPostgresStore } from './postgresStore.ts'
import { openRedisStore, requireKeepingRedis } from './redisStore.ts'
import { log } from './testWorld.ts'

const keeping = ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction']

describeJobStore('PostgreSQL', async () => {
  const world = await testDatabase()
  return {
    open: (queue, timing) => openPostgresStore({ adminUrl: world.adminUrl, queue, timing, log }),
    address: { store: 'PostgreSQL', url: world.adminUrl },
    close: world.close,
  }
})

describe('what PostgreSQL keeps of the queue', () => {
  let world: TestDatabase
  beforeAll(async () => {
    world = await testDatabase()
  })
  afterAll(() => world.close())

  test('is out of reach of the login that serves companies, and of the queue are the companies’ tables', async () => {
    const store = await openPostgresStore({ adminUrl: world.adminUrl, log })
    const mayLook = async (login: string, schema: string): Promise<boolean> =>
      (
        await world.admin.query<{ may: boolean }>(
          `SELECT has_schema_privilege(rolname, $2, 'USAGE') AS may FROM pg_roles
           WHERE rolname = $1 || (SELECT oid FROM pg_database WHERE datname = current_database())`,
          [login, schema],
        )
      ).rows[0]!.may
    expect(await mayLook('tekup_login_', 'bullmq')).toBe(false)
    expect(await mayLook('tekup_queue_', 'platform')).toBe(false)
    expect(await mayLook('tekup_queue_', 'bullmq')).toBe(true)
    await store.close()
  })
})

if (!redisProgram) process.stderr.write('Skipped: jobs over Redis, because redis-server is not installed.\n')
else {
  describeJobStore('Redis', async () => {
    const redis = await startRedis(redisProgram!, keeping)
    return {
      open: (queue, timing) => openRedisStore({ url: redis.url, queue, timing, log }),
      address: { store: 'Redis', url: redis.url },
      close: redis.stop,
    }
  })

  describe('a Redis that would lose work', () => {
    const started: RedisServer[] = []
    afterAll(() => Promise.all(started.map((redis) => redis.stop())))
    const refusalOf = async (settings: readonly string[]): Promise<string | undefined> => {
      const redis = await startRedis(redisProgram!, settings)
      started.push(redis)
      return requireKeepingRedis(redis.url).then(
        () => undefined,
        (error: ConfigFault) => error.message,
      )
    }

    test('is refused with the sentence that says what to set', async () => {
      expect(await refusalOf(['--maxmemory-policy', 'allkeys-lru'])).toBe(
        'The Redis of REDIS_URL would lose jobs. Set appendonly yes and maxmemory-policy noeviction in its configuration.',
      )
      expect(await refusalOf(['--maxmemory-policy', 'noeviction'])).toBe(
        'The Redis of REDIS_URL would lose jobs. Set appendonly yes in its configuration.',
      )
      expect(await refusalOf(keeping)).toBeUndefined()
    })

    test('is refused when nobody is there', async () => {
      await expect(requireKeepingRedis('redis://127.0.0.1:1')).rejects.toThrow(
        /^The Redis of REDIS_URL did not answer \(/,
      )
    })
  })
}
