import { App, LogLevel, type Logger as BoltLogger, type Receiver } from '@slack/bolt'
import type { FetchFunction } from '@slack/web-api'
import type { Core, Logger } from '#core'
import { slackAddress } from '../install/address.ts'
import type { Workspace } from '../install/workspace.ts'
import type { Body } from './envelope.ts'

/** What listeners find in `context`. */
export interface SlackContext extends Record<string, unknown> {
  readonly workspace: Workspace
  /** What Slack knows the delivery by: the same when it is heard again. */
  readonly delivery: string
}

/** What Slack sends in answer to an interaction: a text, JSON, or nothing. */
export type Ack = (response?: unknown) => Promise<void>

export interface Bolt {
  readonly app: App
  /** Runs the listeners for what was sent; resolves when all have, and rejects where one failed. */
  process(body: Body, context: SlackContext, ack: Ack): Promise<void>
}

/**
 * Slack's own framework for listeners. It gets no token: every call of Slack goes through the gateway, which keeps, paces
 * and counts, so `client`, `say` and `sayStream` of a listener's arguments reach nobody.
 */
export function createBolt(core: Core): Bolt {
  const home = new WeakMap<object, Workspace>()
  const app = new App({
    receiver: noReceiver,
    authorize: async (_source, body) => {
      const workspace = home.get(body as object)
      return workspace ? { botId: workspace.botId, botUserId: workspace.botUserId } : {}
    },
    convoStore: false,
    tokenVerificationEnabled: false,
    attachFunctionToken: false,
    logger: quiet(core.log),
    clientOptions: { slackApiUrl: slackAddress(core.config).url.href, fetch: responses(core), retryConfig: { retries: 0 }, allowAbsoluteUrls: false },
  }) // prettier-ignore
  app.error(async (error) => {
    throw error
  })
  return {
    app,
    process: async (body, context, ack) => {
      home.set(body, context.workspace)
      await app.processEvent({ body, ack, customProperties: { ...context } })
    },
  }
}

/** Deliveries are handed on by `process`. */
const noReceiver: Receiver = {
  init: () => undefined,
  start: async () => undefined,
  stop: async () => undefined,
}

/** `respond` answers at the address that came with the interaction. */
function responses({ egress, config }: Core): FetchFunction {
  const { destination } = slackAddress(config)
  const go = egress.fetchTo({
    ...destination,
    hosts: [...destination.hosts, 'hooks.slack.com'],
    within: 10_000,
  })
  return go as unknown as FetchFunction
}

/** Bolt logs what it is also told to throw; the words of people are never in our logs. */
const quiet = (log: Logger): BoltLogger => ({
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (...said) => log.debug({ said: said.map(String) }, 'Bolt complains'),
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
})
