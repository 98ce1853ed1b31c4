import { Redis } from 'ioredis'
import { ConfigFault } from '../config.ts'
import type { Logger } from '../observability/log.ts'
import { createBullmqStore, type Timing } from './bullmqStore.ts'
import type { JobStore } from './store.ts'

export interface RedisStoreOptions {
  readonly url: string
  readonly log: Logger
  readonly queue?: string
  readonly timing?: Timing
}

/** Milliseconds without a word after which a connection is made anew: longer than BullMQ has Redis wait for a job. */
const silentMs = 15_000

/** The queue in Redis, for several machines. */
export async function openRedisStore({
  url,
  log,
  queue = 'tekup',
  timing,
}: RedisStoreOptions): Promise<JobStore> {
  // A worker waits for Redis for as long as it takes; who hands out is told at once, and tries again by itself.
  const connection = new Redis(url, {
    maxRetriesPerRequest: null,
    socketTimeout: silentMs,
    keepAlive: silentMs,
    retryStrategy: (times) => Math.min(times * 100, 1_000),
  })
  connection.on('error', () => undefined)
  return createBullmqStore({
    name: 'Redis',
    connections: 0,
    log,
    queue,
    connection,
    ...(timing && { timing }),
    closed: async () => connection.disconnect(),
  })
}

/** Milliseconds that Redis gets to answer at the start. */
const patience = 5_000

/**
 * Refuses a Redis that would lose what it has acknowledged, or throw some of it away when its memory is full.
 *
 * @throws {ConfigFault} with a sentence that says what to set.
 */
export async function requireKeepingRedis(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: patience })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    const info = await redis.info()
    const faults = [
      ...(valueOf(info, 'aof_enabled') === '1' ? [] : ['appendonly yes']),
      ...(valueOf(info, 'maxmemory_policy') === 'noeviction' ? [] : ['maxmemory-policy noeviction']),
    ]
    if (faults.length === 0) return
    throw new ConfigFault(
      `The Redis of REDIS_URL would lose jobs. Set ${faults.join(' and ')} in its configuration.`,
    )
  } catch (error) {
    if (error instanceof ConfigFault) throw error
    throw new ConfigFault(
      `The Redis of REDIS_URL did not answer (${(error as Error).message}). Check REDIS_URL and that it runs.`,
    )
  } finally {
    redis.disconnect()
  }
}

const valueOf = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
