import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { agentsPlugin, createAgentRunner } from '#agents'
import { chatPaths, registerChat } from '#channels/chat'
import { registerSlack, slackDomain } from '#channels/slack'
import * as core from '#core'
import { plugins as domains } from '#plugins'
import packageFile from './package.json' with { type: 'json' }

/** What this installation can do: its settings say which Slack app it brings. */
const pluginsOf = (config: core.Config) => [agentsPlugin, slackDomain(config), ...domains]

/** Milliseconds for the first pages to go out before the agent's loading takes the processor. */
const calm = 500

try {
  const [command, ...parameters] = process.argv.slice(2)
  await (command === 'company' ? found(core.readConfig(), parameters) : start(core.readConfig()))
} catch (error) {
  console.error(core.isStartFault(error) ? error.message : error)
  process.exit(1)
}

/** Starts everything in order; what fails stops what was started before it. */
async function start(config: core.Config): Promise<void> {
  const log = loggerFor(config)
  const lifecycle = core.createLifecycle(log)
  core.stopOnSignals(lifecycle, config.DRAIN_SECONDS)
  try {
    lifecycle.onStop('Tracing', await core.startTracing(config, packageFile.version))
    const demo = config.DATABASE_URL === undefined
    await core.requireKeepingStore(config)
    const { platform, identity, adminUrl } = await openPlatform(config, log, lifecycle)
    keepUsage(platform, lifecycle)
    const password = demo ? await furnish(platform, identity) : undefined
    const app = await buildServer(platform, identity, lifecycle, demo)
    await listen(app, config)
    lifecycle.onStop('The server', () => app.close())
    greet(app, password)
    if (config.ROLE !== 'api') await work(platform, adminUrl)
  } catch (error) {
    await lifecycle.stop()
    throw error
  }
}

/** Makes a company with its owner, where nobody can sign in yet, and ends. */
async function found(config: core.Config, parameters: readonly string[]): Promise<void> {
  const founding = await core.readFounding(parameters)
  const log = loggerFor(config)
  const lifecycle = core.createLifecycle(log)
  core.stopOnSignals(lifecycle, 0)
  try {
    const { identity } = await openPlatform(config, log, lifecycle)
    say(await core.foundCompany(identity, founding))
  } finally {
    await lifecycle.stop()
  }
  process.exit(0)
}

function loggerFor({ LOG_LEVEL: level }: core.Config): core.Logger {
  return core.createLogger({ level, format: process.stdout.isTTY ? 'pretty' : 'json' })
}

interface Opened {
  readonly platform: core.Core
  readonly identity: core.Identity
  /** The administrator's login, with which the queue prepares its tables. */
  readonly adminUrl: string
}

async function openPlatform(
  config: core.Config,
  log: core.Logger,
  lifecycle: core.Lifecycle,
): Promise<Opened> {
  const adminUrl = config.DATABASE_URL ?? (await embedded(config, log, lifecycle))
  say('Bringing the database up to date …')
  const plugins = pluginsOf(config)
  const brought = plugins.flatMap(({ name, migrations }) =>
    migrations ? [{ domain: name, directory: migrations }] : [],
  )
  const { runtimeUrl, secret } = await core.prepareDatabase(adminUrl, [core.coreMigrations, ...brought])
  const database = core.openDatabase({ url: runtimeUrl, log })
  const platform = core.createCore({ config, database, secret, plugins, log })
  lifecycle.onStop('The core', () => platform.close())
  await core.requireBoundLogin(database)
  await platform.openVault()
  const identity = core.createIdentity(platform)
  lifecycle.onStop('Identity', () => identity.close())
  return { platform, identity, adminUrl }
}

/** Where the server is lost for good, the process ends: whatever watches over it starts it anew, with all its parts. */
async function embedded(config: core.Config, log: core.Logger, lifecycle: core.Lifecycle): Promise<string> {
  say('Starting PostgreSQL …')
  const { DATA_DIR: dataDirectory, LOG_LEVEL } = config
  const verbose = LOG_LEVEL === 'debug' || LOG_LEVEL === 'trace'
  const server = await core.startEmbedded({
    dataDirectory,
    ...(verbose && { log: say }),
    notice: (sentence) => log.warn(sentence),
    lost: (sentence) => {
      log.fatal(sentence)
      void lifecycle.stop().finally(() => process.exit(1))
    },
  })
  lifecycle.onStop('PostgreSQL', () => server.stop())
  return server.adminUrl
}

async function furnish(platform: core.Core, identity: core.Identity): Promise<string> {
  const { DATA_DIR, DEMO_PASSWORD } = platform.config
  const password = await core.demoPassword(DATA_DIR, DEMO_PASSWORD)
  await core.furnishDemo(platform, identity, password, (company) => say(`Furnishing ${company} …`))
  return password
}

async function buildServer(
  platform: core.Core,
  identity: core.Identity,
  lifecycle: core.Lifecycle,
  demo: boolean,
): Promise<FastifyInstance> {
  const authenticate: core.Authenticate = (request) => identity.authenticate(core.incomingOf(request))
  const readiness = core.createReadiness(platform.database, lifecycle, platform.jobs)
  if (platform.config.ROLE === 'worker') return core.createHealthServer(platform, readiness)
  const documented = { ...core.authPaths, ...core.livePaths, ...chatPaths }
  const app = await core.createServer({ core: platform, authenticate, readiness, documented })
  core.registerAuthRoutes(app, identity)
  await core.registerOAuthRoutes(app, { identity, address: core.ownAddress(platform.config) })
  await core.registerMcp(app, { core: platform, identity, version: packageFile.version })
  await core.registerLive(app, { core: platform, identity })
  core.registerBootstrap(app, {
    product: 'TekUp',
    version: packageFile.version,
    demo: demo ? { people: core.demoPeople } : null,
  })
  const conversations = converse(app, platform, identity, lifecycle)
  registerChat(app, { conversations, authenticate })
  const slack = await registerSlack(app, { core: platform, conversations, authenticate })
  lifecycle.onStop('Slack', () => slack.close())
  await core.registerWeb(app, fileURLToPath(new URL('./web/build', import.meta.url)))
  return app
}

/**
 * Conversations with the agent behind them; turns and approvals that a dead process left are gone on with, once the
 * server listens and every minute.
 */
function converse(
  app: FastifyInstance,
  platform: core.Core,
  identity: core.Identity,
  lifecycle: core.Lifecycle,
): core.Conversations {
  const agent = createAgentRunner({ core: platform })
  const conversations = core.createConversations({ core: platform, agent, accessOf: identity.accessOf })
  const recover = () =>
    platform.approvals
      .recover()
      .then(() => conversations.recover())
      .catch((error: unknown) =>
        platform.log.error({ err: error }, 'what was interrupted could not be looked for'),
      )
  const timer = setInterval(() => void recover(), 60_000)
  lifecycle.onStop('Recovery', async () => clearInterval(timer))
  app.addHook('onListen', async () => void setTimeout(() => void agent.warm().then(recover), calm).unref())
  return conversations
}

/** Moves events on and does jobs, once the first pages have gone out. */
async function work(platform: core.Core, adminUrl: string): Promise<void> {
  const { config, secret, log } = platform
  if (config.ROLE === 'all') await pause(calm)
  platform.jobs.start(() => core.openJobStore({ config, adminUrl, secret, log }))
}

/** Gives up calls of models that a dead process left open, and sums old ones by day; now and every quarter of an hour. */
function keepUsage(platform: core.Core, lifecycle: core.Lifecycle): void {
  const keep = () =>
    core
      .keepUsage(platform)
      .catch((error: unknown) =>
        platform.log.error({ err: error }, 'the usage of models could not be kept up'),
      )
  const timer = setInterval(() => void keep(), 15 * 60_000)
  lifecycle.onStop('The upkeep of usage', async () => clearInterval(timer))
  void keep()
}

async function listen(app: FastifyInstance, { HOST: host, PORT: port }: core.Config): Promise<void> {
  await app.listen({ host, port }).catch((error: unknown) => {
    throw core.listenFault(error, host, port)
  })
}

function greet(app: FastifyInstance, password: string | undefined): void {
  const address = app.listeningOrigin
  say(`\nTekUp is ready at ${address}`)
  if (password === undefined) return
  say(`\nSign in as one of these people, with the password ${password}`)
  for (const { email, tenant, role } of core.demoPeople) say(`  ${email.padEnd(26)} ${tenant} (${role})`)
  say('')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
