import type { Config } from '../config.ts'
import { deriveKey } from '../keys.ts'
import type { Logger } from '../observability/log.ts'
import type { JobStore } from './store.ts'

interface StoreParts {
  readonly config: Pick<Config, 'REDIS_URL'>
  readonly adminUrl: string
  /** This installation's secret: installations that share a Redis are told apart by what is made of it. */
  readonly secret: Buffer
  readonly log: Logger
}

/** The only place that knows which store the queue is in; each is loaded when it is opened, and not before. */
export async function openJobStore({ config, adminUrl, secret, log }: StoreParts): Promise<JobStore> {
  const { REDIS_URL: url } = config
  const installation = deriveKey(secret, 'jobs').toString('hex').slice(0, 16)
  if (url === undefined) return (await import('./postgresStore.ts')).openPostgresStore({ adminUrl, log })
  return (await import('./redisStore.ts')).openRedisStore({ url, queue: `tekup-${installation}`, log })
}

/** Throws a `ConfigFault` where the chosen store would lose work. */
export async function requireKeepingStore({ REDIS_URL: url }: Pick<Config, 'REDIS_URL'>): Promise<void> {
  if (url !== undefined) await (await import('./redisStore.ts')).requireKeepingRedis(url)
}
