import { LogLevel, WebClient, type FetchFunction, type Logger as SlackLogger } from '@slack/web-api'
import { BoundedMap, type Core } from '#core'
import { slackAddress } from './address.ts'
import { refusalOf } from './refusal.ts'
import { readToken } from './tokens.ts'
import type { Workspace } from './workspace.ts'

export { SlackRefusal } from './refusal.ts'

/** Slack's Web API as the bot of one workspace. */
export interface SlackApi {
  /**
   * Calls a method once; answers what Slack answered.
   *
   * @throws SlackRefusal where Slack answers `ok: false`, 429 or not at all.
   */
  call(method: string, args: Record<string, unknown>): Promise<Record<string, unknown>>
}

export type ApiOf = (workspace: Workspace) => SlackApi

/** Milliseconds that Slack gets to answer. */
const patience = 10_000

/** A client of its own for each workspace, for as long as its token is the same. */
const mostClients = 1_000

export function createApiOf(core: Core): ApiOf {
  const clients = new BoundedMap<{ readonly token: string; readonly client: WebClient }>(mostClients)
  const clientFor = async (workspace: Workspace): Promise<WebClient> => {
    const token = await readToken(core, workspace)
    const known = clients.get(workspace.id)
    if (known?.token === token) return known.client
    const client = slackClient(core, token)
    clients.set(workspace.id, { token, client })
    return client
  }
  return (workspace) => ({
    call: async (method, args) => {
      const client = await clientFor(workspace)
      return callSlack(client, method, args)
    },
  })
}

/** @throws SlackRefusal */
export async function callSlack(
  client: WebClient,
  method: string,
  args: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  try {
    return { ...(await client.apiCall(method, args)) }
  } catch (error) {
    throw refusalOf(error)
  }
}

/** Slack's client, one try a call: how often and how fast is the gateway's to say. */
export function slackClient(core: Core, token?: string): WebClient {
  const { url, destination } = slackAddress(core.config)
  return new WebClient(token, {
    slackApiUrl: url.href,
    retryConfig: { retries: 0 },
    timeout: patience,
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    fetch: core.egress.fetchTo(destination) as unknown as FetchFunction,
    logger: silent,
  })
}

/** What fails is thrown and said by whoever called. */
const silent: SlackLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
}
