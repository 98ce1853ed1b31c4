import { randomUUID } from 'node:crypto'
import { signatureHeaders } from '../fake/index.ts'
import type { Workspace } from '../install/workspace.ts'
import { startSlackWorld, type SlackWorld } from './slackWorld.ts'

export interface Heard {
  readonly type: string
  readonly text: string
  readonly ts: string
  readonly tenant: string
}

interface Change {
  readonly path?: string
  readonly secret?: string
  readonly seconds?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A channel that hears messages, and a hand that sends it what Slack would. */
export interface HearingWorld extends SlackWorld {
  readonly heard: Heard[]
  /** What the listener does before it is done. */
  doing: (one: Heard) => Promise<void>
  /** Sends bytes as Slack does. */
  deliver(payload: object, change?: Change): Promise<{ readonly statusCode: number }>
  /** A message's envelope as Slack sends it. */
  envelope(
    text: string,
    ts?: string,
    change?: object,
    event?: object,
  ): { readonly event: { readonly text: string } } & object
  nextTs(): string
  /** Rows of the inbox that the condition holds of. */
  inbox(condition?: string): Promise<number>
}

export async function startHearingWorld(): Promise<HearingWorld> {
  const heard: Heard[] = []
  const state: Pick<HearingWorld, 'doing'> = { doing: async () => undefined }
  const world = await startSlackWorld({
    limits: false,
    listen: (app) => {
      const hear = async (
        event: { type: string; text?: string | undefined; ts: string },
        context: Record<string, unknown>,
      ) => {
        const { type, text = '', ts } = event
        const one = { type, text, ts, tenant: (context['workspace'] as Workspace).tenant }
        await state.doing(one)
        heard.push(one)
      }
      app.event('app_mention', ({ event, context }) => hear(event, context))
      app.event('message', ({ event, context }) => hear(event as never, context))
      app.command('/hear', async ({ ack, command }) => ack(`You said ${command.text}`))
      const carryOut = ({ text }: { readonly text: string }, context: Record<string, unknown>) =>
        hear({ type: 'command', text, ts: String(context['delivery']) }, context)
      app.command('/do', async ({ ack, command, context }) => {
        await ack()
        await carryOut(command, context)
      })
      app.command('/try', async ({ ack, command, context }) => {
        await carryOut(command, context)
        await ack()
      })
    },
  })
  await world.connect()
  world.slack.invite('general')
  await world.settled()
  const { workspace, app } = world.slack
  const second = Math.floor(Date.now() / 1000)
  let ticks = 0
  const nextTs = (): string => `${second}.${String(++ticks).padStart(6, '0')}`
  return Object.assign(state, world, {
    heard,
    nextTs,
    deliver: async (payload: object, { path = '/slack/events', secret = app.signingSecret, seconds, headers }: Change = {}) => {
      const body = JSON.stringify(payload)
      const signed = { 'content-type': 'application/json', ...signatureHeaders(secret, body, seconds), ...headers }
      return world.app.inject({ method: 'POST', url: path, headers: signed, payload: body })
    },
    envelope: (text: string, ts = nextTs(), change: object = {}, event: object = {}) => {
      const team = workspace.team().id
      return {
        type: 'event_callback', api_app_id: app.id, team_id: team, event_id: `Ev${randomUUID()}`, event_time: second,
        authorizations: [{ enterprise_id: null, team_id: team, user_id: 'U0', is_bot: true, is_enterprise_install: false }],
        event: {
          type: 'message', channel: workspace.channel('general').id, channel_type: 'channel', user: workspace.user('anna').id,
          text, ts, event_ts: ts, ...event,
        },
        ...change,
      }
    },
    inbox: async (condition = 'true') =>
      Number((await world.admin.query(`SELECT count(*) FROM slack.inbox WHERE ${condition}`)).rows[0].count),
  }) // prettier-ignore
}
