import type { AddressInfo } from 'node:net'
import { agentsPlugin, createAgentRunner } from '#agents'
import { registerChat } from '#channels/chat'
import { registerSlack, slackDomain } from '#channels/slack'
import {
  createConversations,
  createCore,
  createLogger,
  openDatabase,
  readConfig,
  type Authenticate,
} from '#core'
import { createIdentity, incomingOf } from '../../core/identity/index.ts'
import { registerMcp } from '../../core/surfaces/mcp/routes.ts'
import { createServer } from '../../core/surfaces/server.ts'
import { registerLive } from '../../core/surfaces/stream/routes.ts'
import { plugins } from '#plugins'
import { settings, underLoad } from './underLoad.mjs'

interface OursSettings {
  readonly runtimeUrl: string
  readonly secret: string
  /** Where an OpenAI-speaking model is. */
  readonly modelUrl?: string
  /** Slack's settings, where it is met. */
  readonly slack?: Readonly<Record<string, string>>
}

/** The whole of our server, as `npm start` runs it; only the rate limits are out of the way. */
const { runtimeUrl, secret, modelUrl, slack } = settings() as OursSettings
const config = readConfig({
  ...slack,
  RATE_LIMIT_PER_MINUTE: '100000000',
  LOG_LEVEL: 'info',
  ...(modelUrl !== undefined && { OPENAI_BASE_URL: `${modelUrl}/v1`, OPENAI_MODEL: 'gpt-test' }),
})
const log = createLogger({ level: config.LOG_LEVEL, format: 'json' })
const database = openDatabase({ url: runtimeUrl, log })
const key = Buffer.from(secret, 'base64')
const channels = slack ? [slackDomain(config)] : []
const core = createCore({
  config,
  database,
  secret: key,
  plugins: [agentsPlugin, ...channels, ...plugins],
  log,
})
const identity = createIdentity(core)
const authenticate: Authenticate = (request) => identity.authenticate(incomingOf(request))
const app = await createServer({
  core,
  authenticate,
  readiness: { reasons: async () => [] },
})
await registerMcp(app, { core, identity, version: '0.0.0' })
await registerLive(app, { core, identity })
const agent = createAgentRunner({ core })
const conversations = createConversations({ core, agent })
registerChat(app, { conversations, authenticate })
const told = slack && (await registerSlack(app, { core, conversations, authenticate }))
await app.listen({ port: 0, host: '127.0.0.1' })
underLoad((app.server.address() as AddressInfo).port, async () => {
  await told?.close()
  await app.close()
  await identity.close()
  await core.close()
})
