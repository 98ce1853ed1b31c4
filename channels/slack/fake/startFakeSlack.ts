import { once } from 'node:events'
import { createActs, type Acts } from './acts.ts'
import type { App } from './app.ts'
import type { FakeClock } from './clock.ts'
import type { Deliveries } from './deliveries.ts'
import { checkCertificate, verifyUrl } from './httpDelivery.ts'
import { listen } from './server.ts'
import type { DisconnectReason } from './socketMode.ts'
import type { Failure } from './sabotage.ts'
import type { Fields, Message } from './state.ts'
import type { Workspace } from './workspace.ts'
import { createWorld, type Execution, type SeenCall, type Session, type WorldOptions } from './world.ts'

export interface FakeSlackOptions extends WorldOptions {
  readonly port?: number
  readonly host?: string
}

/** A whole Slack on this machine: what apps call, what people do, and what a test wants to know of it. */
export interface FakeSlack extends Acts {
  readonly url: string
  /** What an app is started with to meet this Slack instead of the real one. */
  readonly settings: Readonly<Record<string, string>>
  readonly app: App
  readonly clock: FakeClock
  readonly workspace: Workspace
  readonly deliveries: Deliveries
  /** Sends events, interactions and commands there from now on. @throws Error when it does not give the challenge back. */
  connect(requestUrl: string): Promise<void>
  /** Looks at the address without a signature, as Slack does with `ssl_check=1`; answers the HTTP status. */
  checkCertificate(): Promise<number>
  /** Calls that came, of one method or of all, oldest first. */
  calls(method?: string): readonly SeenCall[]
  /** Messages of a channel, oldest first; ephemeral ones too. */
  messages(channel: string): readonly Message[]
  session(thread: Message): Session | undefined
  prompts(channel: string): Fields | undefined
  execution(id: string): Execution | undefined
  /** The next call of the method fails: an error code, `429`, `500`, or `timeout`, which is never answered. */
  failNext(method: string, failure: Failure): void
  duplicateNext(): void
  reorderNext(): void
  /** Asks every socket to come again. */
  refreshSockets(reason?: DisconnectReason): void
  readonly openSockets: number
  /** Resolves when no delivery is under way. */
  settled(): Promise<void>
  close(): Promise<void>
}

export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  const world = createWorld(options)
  const acts = createActs(world)
  const server = await listen(world, acts, options.port ?? 0, options.host ?? '127.0.0.1')
  const { workspace, deliveries, app, clock } = world
  return {
    ...acts, app, clock, workspace, deliveries, url: world.address, settings: settingsOf(app, world.address),
    connect: (requestUrl) => connect(app, requestUrl),
    checkCertificate: () => checkCertificate(app.requestUrl ?? ''),
    calls: (method) => world.calls.filter((call) => method === undefined || call.method === method),
    messages: (channel) => workspace.channel(channel).messages,
    session: ({ channel, ts, threadTs }) => world.sessions.get(`${channel.id} ${threadTs ?? ts}`),
    prompts: (channel) => world.prompts.get(workspace.channel(channel).id),
    execution: (id) => world.executions.get(id),
    failNext: world.sabotage.failNext,
    duplicateNext: deliveries.duplicateNext,
    reorderNext: deliveries.reorderNext,
    refreshSockets: world.sockets.disconnect,
    get openSockets() {
      return world.sockets.count
    },
    settled: deliveries.settled,
    close: async () => {
      clock.stop()
      world.sockets.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  } // prettier-ignore
}

async function connect(app: App, requestUrl: string): Promise<void> {
  if (!(await verifyUrl(requestUrl, app.signingSecret)))
    throw new Error(`${requestUrl} did not answer Slack's challenge: its signing secret may be another one.`)
  app.requestUrl = requestUrl
}

const settingsOf = (app: App, address: string): Record<string, string> => ({
  SLACK_API_URL: `${address}/api/`,
  SLACK_SIGNING_SECRET: app.signingSecret,
  SLACK_CLIENT_ID: app.clientId,
  SLACK_CLIENT_SECRET: app.clientSecret,
  ...(app.usesSocketMode && { SLACK_APP_TOKEN: app.appToken }),
})
