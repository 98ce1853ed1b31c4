import type { FetchFunction } from '@slack/web-api'
import type { Core } from '#core'
import { isSlackSocket, slackAddress } from '../install/address.ts'
import type { SlackApp } from '../install/apps.ts'
import { silent } from '../install/client.ts'
import { fieldsOf } from './envelope.ts'
import type { Receive } from './receive.ts'

/** What a socket brings: an envelope of Slack's with the same JSON as over HTTP. */
interface Delivered {
  readonly body: unknown
  readonly accepts_response_payload: boolean
  readonly ack: (response?: unknown) => Promise<void>
}

/** One connection to Slack over which it tells and asks what it would otherwise send to our address. */
export interface Socket {
  /** Resolves when it is over, however it ended. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

/**
 * Opens it. It never comes back by itself: whoever holds it opens another at once, since Slack asks for that now and then and
 * sends again what it could not tell meanwhile.
 */
export async function openSocket(core: Core, app: SlackApp, receive: Receive): Promise<Socket> {
  const { SocketModeClient } = await import('@slack/socket-mode')
  const { url, destination } = slackAddress(core.config)
  const client = new SocketModeClient({
    appToken: app.appToken!,
    autoReconnectEnabled: false,
    logger: silent,
    clientOptions: {
      slackApiUrl: url.href,
      fetch: toSlacksSocket(core, core.egress.fetchTo(destination)) as unknown as FetchFunction,
      retryConfig: { retries: 0 },
      timeout: 10_000,
      allowAbsoluteUrls: false,
    },
  })
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  client.on('disconnected', () => resolve())
  client.on('slack_event', (delivered: Delivered) => void take(core, app, receive, delivered))
  await client.start()
  return {
    ended,
    close: async () => {
      await Promise.race([client.disconnect(), ended])
    },
  }
}

/** Slack's answer says where the socket is; one that names somebody else is none. */
const toSlacksSocket =
  ({ config }: Core, fetch: ReturnType<Core['egress']['fetchTo']>): typeof fetch =>
  async (...request) => {
    const response = await fetch(...request)
    const { url } = fieldsOf(await response.clone().json())
    if (url !== undefined && !isSlackSocket(url, config))
      throw new Error('Slack’s socket is at a foreign address.')
    return response
  }

/** Acknowledged once it is kept; what could not be kept is not, so that Slack sends it again. */
async function take(
  { log }: Core,
  { ownApp }: SlackApp,
  receive: Receive,
  delivered: Delivered,
): Promise<void> {
  const { body, ack, accepts_response_payload: takesAnswer } = delivered
  try {
    const answer = await receive(ownApp, fieldsOf(body), JSON.stringify(body))
    if (answer.status === 200) await ack(takesAnswer ? answer.body : undefined)
  } catch (error) {
    log.error({ err: error }, 'what a socket of Slack’s brought could not be kept')
  }
}
