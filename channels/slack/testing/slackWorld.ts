import { createHash, randomUUID } from 'node:crypto'
import type { App } from '@slack/bolt'
import type { FastifyInstance } from 'fastify'
import {
  createConversations,
  createServer,
  fault,
  readConfig,
  type AgentPort,
  type Authenticate,
  type Caller,
  type Conversations,
  type Plugin,
} from '#core'
import { testCore, type TestCore } from '#core/testing'
import { startFakeSlack, unhurried, type FakeSlack } from '../fake/index.ts'
import type { FakeSlackOptions } from '../fake/startFakeSlack.ts'
import { redirectPath } from '../install/manifest.ts'
import type { SlackParts } from '../parts.ts'
import { slackDomain } from '../plugin.ts'
import { registerSlack, type Slack } from '../register.ts'

interface SlackWorldOptions extends FakeSlackOptions {
  /** More listeners, for what a test wants to hear. */
  readonly listen?: (app: App, parts: SlackParts) => void
  readonly agent?: AgentPort
  /** Domains beside Slack's. */
  readonly plugins?: readonly Plugin[]
  /** Settings beside those of the fake Slack's app; undefined takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** The product's Slack channel on a real server, with a fake Slack before it and a database of its own. */
export interface SlackWorld extends TestCore {
  readonly slack: FakeSlack
  readonly app: FastifyInstance
  readonly channel: Slack
  readonly tenant: string
  call<Answer = Record<string, unknown>>(
    name: string,
    input: object,
    tenant?: string,
    change?: Partial<Caller>,
  ): Promise<Answer>
  /** An admin of the company connects the workspace in which the Slack person is, as a browser would; answers ours. */
  connect(
    tenant?: string,
    person?: string,
    own?: { readonly app?: string },
  ): Promise<{ readonly id: string; readonly name: string }>
  /** Waits until Slack has told everything, all of it is worked through, and Slack has told of what came of that. */
  settled(): Promise<void>
}

const silentAgent: AgentPort = {
  async *run() {
    yield { type: 'text', delta: 'Ja.' } as const
  },
}

export async function startSlackWorld(options: SlackWorldOptions = {}): Promise<SlackWorld> {
  const slack = await startFakeSlack({ patience: unhurried, ...options })
  const environment = { ...slack.settings, EGRESS_ONLY: 'false', ...options.environment }
  const world = await testCore(
    [slackDomain(readConfig(environment)), ...(options.plugins ?? [])],
    environment,
  )
  const conversations = createConversations({
    core: world.core,
    agent: options.agent ?? silentAgent,
  })
  return serveSlack(world, slack, conversations, options)
}

/** The channel of a core on a server, before a fake Slack. */
export async function serveSlack(
  world: TestCore,
  slack: FakeSlack,
  conversations: Conversations,
  options: SlackWorldOptions = {},
): Promise<SlackWorld> {
  const { core, callerOf } = world
  const authenticate: Authenticate = async ({ headers }) => {
    const tenant = /^Tenant ([0-9a-f-]{36})$/.exec(headers.authorization ?? '')?.[1]
    if (tenant === undefined) throw fault('unauthenticated')
    return callerOf(tenant)
  }
  const app = await createServer({ core, authenticate, readiness: { reasons: async () => [] } })
  const channel = await registerSlack(app, {
    core,
    conversations,
    authenticate,
    patience: unhurried,
    ...(options.listen && { listen: options.listen }),
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  slack.app.redirectUrls = [app.listeningOrigin + redirectPath]
  if (!options.socketMode) await slack.connect(`${app.listeningOrigin}/slack/events`)
  const tenant = randomUUID()
  const call: SlackWorld['call'] = async (name, input, of = tenant, change = {}) => {
    const caller = callerOf(of, change)
    const operation = core.registry.find(name)!
    try {
      return (await core.invoke(operation, input, caller)).value as never
    } catch (error) {
      const confirmation = (error as { details?: { confirm?: string } }).details?.confirm
      if (confirmation === undefined) throw error
      return (await core.invoke(operation, input, { ...caller, confirmation })).value as never
    }
  }
  return {
    ...world,
    slack,
    app,
    channel,
    tenant,
    call,
    connect: async (of = tenant, person = 'anna', own = {}) => {
      const redirectUri = app.listeningOrigin + redirectPath
      const begun = await call<{ url: string }>(
        'slack.installs.begin',
        { redirectUri, browser: hash('browser'), ...own },
        of,
      )
      const { code, state } = await allow(begun.url, slack.workspace.user(person).id)
      return call('slack.installs.finish', { id: state, code, browser: 'browser' }, of)
    },
    settled: async () => {
      const { log } = slack.deliveries
      for (let told = -1; told !== log.length;) {
        told = log.length
        await slack.settled()
        await channel.settled()
        await slack.settled()
      }
    },
    close: async () => {
      await channel.close()
      await app.close()
      await slack.close()
      await world.core.close()
      await world.close()
    },
  }
}

export const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Says yes on Slack's page, and answers what it sends the browser back with. */
export async function allow(
  url: string,
  as: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ code: string; state: string }> {
  const page = new URL(url)
  for (const [name, value] of Object.entries({ as, decision: 'allow', ...more }))
    page.searchParams.set(name, value)
  const answer = await fetch(page, { redirect: 'manual' })
  const back = new URL(answer.headers.get('location') ?? 'http://nowhere.example')
  return { code: back.searchParams.get('code') ?? '', state: back.searchParams.get('state') ?? '' }
}

/** The code of the fault that a call ends in. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => String(error.code ?? error),
  )
