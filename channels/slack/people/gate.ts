import type { App } from '@slack/bolt'
import { sql, type Core, type Statement } from '#core'
import type { SlackContext } from '../inbox/bolt.ts'
import { fieldsOf, textOf, type Body } from '../inbox/envelope.ts'
import { SlackRefusal } from '../install/refusal.ts'
import type { Workspace } from '../install/workspace.ts'
import type { SlackParts } from '../parts.ts'
import type { KnownPerson, People } from './people.ts'
import type { Person } from './person.ts'

/** Minutes before somebody is told again how to begin, or why they cannot. */
const quiet = 5

/** Where somebody spoke to the bot, and how it can be answered. */
interface Approach {
  readonly channel: string | undefined
  readonly thread: string | undefined
  readonly isDirect: boolean
  readonly isInteraction: boolean
}

/**
 * Says who speaks, before any listener runs. Whoever is no employee is greeted with a link, or refused politely, and their
 * buttons, modals and commands reach nobody; of their messages the listeners are told, since a thread is read as a whole.
 */
export function listenPeople(app: App, parts: SlackParts, people: People): void {
  app.use(async ({ body, context, next }) => {
    const workspace = context['workspace'] as Workspace
    const said = body as unknown as Body
    const slackUser = speakerOf(said)
    // Slack tells the app of itself too, such as when it comes into a channel.
    if (slackUser === undefined || slackUser === workspace.botUserId) return next()
    const person = await people.find(workspace, slackUser)
    context['person'] = person satisfies Person
    if (person.standing === 'linked') return next()
    const approach = approachOf(said, workspace)
    const heard = { workspace, delivery: String(context['delivery']) }
    if (approach) await greet(parts, heard, person, approach).catch(failing(parts))
    if (!approach?.isInteraction) await next()
  })
}

/** A word of welcome that Slack does not take, or not now, keeps nothing else from being done; one that was not kept is tried again. */
const failing =
  ({ core: { log } }: SlackParts) =>
  (error: unknown): void => {
    if (!(error instanceof SlackRefusal)) throw error
    log.warn({ err: error }, 'somebody in Slack could not be greeted')
  }

/** `USLACK` is Slack itself; what an app or a bot wrote has no person. */
function speakerOf(body: Body): string | undefined {
  const event = fieldsOf(body['event'])
  const about = event['subtype'] === 'message_changed' ? fieldsOf(event['message']) : event
  if (textOf(about['bot_id'])) return undefined
  const user = textOf(about['user']) ?? textOf(fieldsOf(body['user'])['id']) ?? textOf(body['user_id'])
  return user === 'USLACK' ? undefined : user
}

/** How somebody speaks to the bot; nothing where they speak to others. */
function approachOf(body: Body, { botUserId }: Workspace): Approach | undefined {
  const event = fieldsOf(body['event'])
  const type = textOf(event['type'])
  if (type === undefined) return interactionOf(body)
  const isDirect = event['channel_type'] === 'im'
  const isMessage = type === 'app_mention' || (type === 'message' && event['subtype'] === undefined)
  if (!isMessage || !(isDirect || (textOf(event['text']) ?? '').includes(`<@${botUserId}>`))) return undefined
  return {
    channel: textOf(event['channel']),
    thread: textOf(event['thread_ts']),
    isDirect,
    isInteraction: false,
  }
}

const interactionOf = (body: Body): Approach => {
  const channel = textOf(fieldsOf(body['channel'])['id']) ?? textOf(body['channel_id'])
  return { channel, thread: undefined, isDirect: channel?.startsWith('D') === true, isInteraction: true }
}

/**
 * Kept before it is said, once for each event, so that no crash loses it; where a key is known it has been. Only they see it, and
 * in a direct message there is nobody else. What Slack only asks (`delivery` is empty) nobody is greeted for.
 */
async function greet(
  { core, out }: SlackParts,
  { workspace, delivery }: Pick<SlackContext, 'workspace' | 'delivery'>,
  { id, slackUser, standing }: KnownPerson,
  { channel, thread, isDirect, isInteraction }: Approach,
): Promise<void> {
  if (standing === 'bot' || standing === 'linked' || channel === undefined || delivery === '') return
  const place = { workspace, channel, isDirect, ...(thread !== undefined && { thread }) }
  const greeting = { person: id, standing, ...(!isDirect && { only: slackUser }) }
  const change = greetedNow(core, workspace, id, isInteraction)
  await out.greet(place, greeting, `greeting ${id} ${delivery}`, change)
}

/** Once in a while, however often they write: a row says when it was, so that no other process says it again. */
function greetedNow(
  { clock }: Pick<Core, 'clock'>,
  { tenant }: Workspace,
  person: string,
  isInteraction: boolean,
): Statement {
  const now = clock.now()
  const before = new Date(now.getTime() - (isInteraction ? 0.05 : quiet) * 60_000)
  return sql`UPDATE slack.people SET greeted_at = ${now}
    WHERE tenant_id = ${tenant} AND id = ${person} AND (greeted_at IS NULL OR greeted_at < ${before}) RETURNING id`
}
