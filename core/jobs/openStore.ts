import type { Config } from '../config.ts'
import type { Logger } from '../observability/log.ts'
import type { JobStore } from './store.ts'

interface StoreParts {
  readonly config: Pick<Config, 'REDIS_URL'>
  readonly adminUrl: string
  readonly log: Logger
}

/** The only place that knows which store the queue is in; each is loaded when it is opened, and not before. */
export async function openJobStore({ config, adminUrl, log }: StoreParts): Promise<JobStore> {
  const { REDIS_URL: url } = config
  if (url === undefined) return (await import('./postgresStore.ts')).openPostgresStore({ adminUrl, log })
  return (await import('./redisStore.ts')).openRedisStore({ url, log })
}

/** Throws a `ConfigFault` where the chosen store would lose work. */
export async function requireKeepingStore({ REDIS_URL: url }: Pick<Config, 'REDIS_URL'>): Promise<void> {
  if (url !== undefined) await (await import('./redisStore.ts')).requireKeepingRedis(url)
}
