import type { AddressInfo } from 'node:net'
import { createCore, createLogger, openDatabase, readConfig } from '#core'
import { createIdentity, incomingOf } from '../../core/identity/index.ts'
import { registerMcp } from '../../core/surfaces/mcp/routes.ts'
import { createServer } from '../../core/surfaces/server.ts'
import { plugins } from '#plugins'
import { settings, underLoad } from './underLoad.mjs'

/** The whole of our server, as `npm start` runs it; only the rate limits are out of the way. */
const { runtimeUrl, secret } = settings() as { runtimeUrl: string; secret: string }
const config = readConfig({ RATE_LIMIT_PER_MINUTE: '100000000', LOG_LEVEL: 'info' })
const database = openDatabase({ url: runtimeUrl })
const log = createLogger({ level: config.LOG_LEVEL, format: 'json' })
const key = Buffer.from(secret, 'base64')
const core = createCore({ config, database, secret: key, plugins, log })
const identity = createIdentity({ ...core, databaseUrl: runtimeUrl })
const app = await createServer({
  core,
  authenticate: (request) => identity.authenticate(incomingOf(request)),
  readiness: { reasons: async () => [] },
})
await registerMcp(app, { core, identity, version: '0.0.0' })
await app.listen({ port: 0, host: '127.0.0.1' })
underLoad((app.server.address() as AddressInfo).port, async () => {
  await app.close()
  await identity.close()
  await core.close()
})
