import type { FetchFunction, LogLevel, Logger as SlackLogger, WebClient } from '@slack/web-api'
import type { Config, Egress } from '#core'
import { slackAddress } from './address.ts'
import { refusalOf } from './refusal.ts'

interface ClientParts {
  readonly config: Pick<Config, 'SLACK_API_URL'>
  readonly egress: Pick<Egress, 'fetchTo'>
}

/** Milliseconds that Slack gets to answer. */
const patience = 10_000

/**
 * Slack's client, one try a call: how often and how fast is the gateway's to say. Loaded when somebody speaks with Slack: most
 * companies' processes never do.
 */
export async function slackClient({ config, egress }: ClientParts, token?: string): Promise<WebClient> {
  const { WebClient: Client } = await import('@slack/web-api')
  const { url, destination } = slackAddress(config)
  return new Client(token, {
    slackApiUrl: url.href,
    retryConfig: { retries: 0 },
    timeout: patience,
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    fetch: egress.fetchTo(destination) as unknown as FetchFunction,
    logger: silent,
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

/** What fails is thrown, and said by whoever called. */
export const silent: SlackLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as LogLevel,
  setName: () => undefined,
}
