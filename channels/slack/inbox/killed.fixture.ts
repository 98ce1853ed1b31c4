import { createCore, createLogger, openDatabase, readConfig } from '#core'
import { slackDomain } from '../plugin.ts'
import { createBolt } from './bolt.ts'
import { addresseeOf, readEvent, type Body } from './envelope.ts'
import { createInboxStore } from './store.ts'
import { createInboxWorker } from './worker.ts'

/**
 * A process of its own that keeps one event as the receiver does, begins to work on it, and is killed from outside before
 * the listener is done.
 */
const { url, secret, body, environment } = JSON.parse(process.argv[2]!) as {
  readonly url: string
  readonly secret: string
  readonly body: Body
  readonly environment: Record<string, string>
}

const config = readConfig({ LOG_LEVEL: 'silent', ...environment })
const log = createLogger({ level: 'silent', format: 'json' })
const core = createCore({
  config,
  database: openDatabase({ url }),
  secret: Buffer.from(secret, 'base64'),
  plugins: [slackDomain(config)],
  log,
})
const bolt = createBolt(core)
bolt.app.event('message', async () => {
  process.stdout.write('begun\n')
  await new Promise(() => undefined)
})
const store = createInboxStore(core, 2)
await store.takeIn(null, addresseeOf(body), readEvent(body)!, JSON.stringify(body))
process.stdout.write('kept\n')
createInboxWorker({
  store,
  log,
  work: ({ body: text, workspace, eventId: delivery }) =>
    bolt.process(JSON.parse(text) as Body, { workspace, delivery }, async () => undefined),
})
