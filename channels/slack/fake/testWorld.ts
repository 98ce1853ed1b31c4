import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LogLevel, WebClient, type WebClientOptions } from '@slack/web-api'
import { readBody } from './arguments.ts'
import { startFakeSlack, type FakeSlack, type FakeSlackOptions } from './startFakeSlack.ts'
import type { Fields } from './state.ts'

/** A request that Slack sent to the app: as it came, and read. */
export interface Heard {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The event's envelope, the interaction's payload, or the command's fields. */
  readonly payload: Fields
}

/** An app on this machine that hears what Slack sends, and says what a test has it say. */
export interface Listener {
  readonly url: string
  readonly heard: Heard[]
  answer: (heard: Heard, response: ServerResponse) => void
  /** Events of this type, oldest first. */
  events(type: string): Fields[]
  close(): Promise<void>
}

export async function startListener(): Promise<Listener> {
  const heard: Heard[] = []
  const listener = {
    heard,
    answer: (_: Heard, response: ServerResponse) => void response.end(),
    events: (type: string) =>
      heard.map(({ payload }) => payload['event'] as Fields).filter((event) => event?.['type'] === type),
  } as Listener & { url: string }
  const server = createServer(async (request, response) => {
    const body = (await readBody(request)).toString()
    const one = { headers: request.headers, body, payload: payloadOf(body) }
    if (one.payload['type'] === 'url_verification')
      return response.end(JSON.stringify({ challenge: one.payload['challenge'] }))
    heard.push(one)
    return listener.answer(one, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return Object.assign(listener, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    close,
  })
}

function payloadOf(body: string): Fields {
  if (body.startsWith('{')) return JSON.parse(body) as Fields
  const fields = Object.fromEntries(new URLSearchParams(body))
  return fields['payload'] === undefined ? fields : (JSON.parse(fields['payload']) as Fields)
}

/**
 * A fake Slack with the app installed in Nordlys and in #general, Slack's own client for it, and the app's listener. Its time stands
 * still unless a test moves it: no pause of the machine uses up a second of a limit.
 */
export interface TestWorld {
  readonly slack: FakeSlack
  readonly app: Listener
  readonly client: WebClient
  readonly token: string
  readonly general: string
  clientFor(token: string, options?: WebClientOptions): WebClient
  close(): Promise<void>
}

export async function startTestWorld(options: FakeSlackOptions = {}): Promise<TestWorld> {
  const slack = await startFakeSlack({ time: 'stands', ...options })
  const app = await startListener()
  if (!options.socketMode) await slack.connect(app.url)
  const token = String(
    slack.install({ scopes: options.manifest?.oauth_config?.scopes?.bot ?? allScopes(slack) })[
      'access_token'
    ],
  )
  slack.invite('general')
  // Nobody is there yet to take it over a socket: it waits for its minute.
  if (options.socketMode) await slack.clock.advance(7000)
  await slack.settled()
  app.heard.length = 0
  const clientFor = (text: string, more: WebClientOptions = {}): WebClient =>
    new WebClient(text, {
      slackApiUrl: slack.settings['SLACK_API_URL']!,
      retryConfig: { retries: 0 },
      logLevel: LogLevel.ERROR,
      logger: silent,
      ...more,
    })
  const close = async (): Promise<void> => void (await Promise.all([slack.close(), app.close()]))
  return {
    slack,
    app,
    token,
    client: clientFor(token),
    clientFor,
    general: slack.workspace.channel('general').id,
    close,
  }
}

const allScopes = ({ app }: FakeSlack): readonly string[] => app.manifest.oauth_config?.scopes?.bot ?? []

/**
 * Resolves when no socket is open. A client here comes back by a call over the network, which takes several turns of the event loop:
 * looking at every turn misses no such moment.
 */
export async function socketsClosed(slack: Pick<FakeSlack, 'openSockets'>): Promise<void> {
  while (slack.openSockets > 0) await new Promise((resolve) => setImmediate(resolve))
}

/** Slack's libraries write to the console what a test provokes. */
export const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
}

/** The error code with which Slack refuses a call. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'ok',
    (error: { data?: { error: string } }) => error.data?.error ?? String(error),
  )
}
