import { readConfig } from '../config.ts'
import { createCore } from '../core.ts'
import { openDatabase } from '../database/database.ts'
import { createLogger } from '../observability/log.ts'
import { mill } from '../testing/mill/mill.ts'
import { openJobStore } from './openStore.ts'

/** A process of its own that works until it is told to stop, or killed. */
export interface WorkerSettings {
  readonly adminUrl: string
  readonly runtimeUrl: string
  /** In base64. */
  readonly secret: string
  readonly redisUrl?: string
  /** Milliseconds that this process's clock is ahead of everybody else's. */
  readonly ahead?: number
}

const {
  adminUrl,
  runtimeUrl,
  secret: kept,
  redisUrl,
  ahead = 0,
} = JSON.parse(process.argv[2]!) as WorkerSettings
const trueNow = Date.now.bind(Date)
Date.now = () => trueNow() + ahead

const log = createLogger({ level: 'silent', format: 'json' })
const config = readConfig({ LOG_LEVEL: 'silent', REDIS_URL: redisUrl, RATE_LIMIT_PER_MINUTE: '1000000' })
const database = openDatabase({ url: runtimeUrl, log })
const secret = Buffer.from(kept, 'base64')
const clock = { now: () => new Date(Date.now()) }
const core = createCore({ config, database, secret, plugins: [mill], log, clock })
const settings = { lookEvery: 100, sweepEvery: 300, askAfter: 1, firstWait: 0.02, canaryEvery: 3_000 }
core.jobs.start(() => openJobStore({ config, adminUrl, secret, log }), settings)
process.once('SIGTERM', () => void core.close().then(() => process.exit(0)))
process.stdout.write('working\n')
