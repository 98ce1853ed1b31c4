import type { App } from '@slack/bolt'
import { sentence, sql, type Locale, type Sentence } from '#core'
import { fieldsOf, textOf, type Body } from '../inbox/envelope.ts'
import type { Workspace } from '../install/workspace.ts'
import type { SlackParts } from '../parts.ts'
import { makeLink } from './link.ts'
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
    if (approach) await answer(parts, workspace, person, approach).catch(failing(parts))
    if (!approach?.isInteraction) await next()
  })
}

/** A word of welcome that Slack does not take keeps nothing else from being done. */
const failing =
  ({ core: { log } }: SlackParts) =>
  (error: unknown): void =>
    log.warn({ err: error }, 'somebody in Slack could not be greeted')

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

const greetings = {
  unlinked: {
    da: 'Hej! Jeg arbejder for dig, når jeg ved, hvem du er: <{link}|sig, at det er dig> (linket er kun til dig og virker i en halv time).',
    en: 'Hello! I work for you once I know who you are: <{link}|say that it is you> (the link is yours alone and good for half an hour).',
  },
  guest: {
    da: 'Hej! Jeg hjælper kun virksomhedens egne medarbejdere, og du er gæst her.',
    en: 'Hello! I help the company’s own employees only, and you are a guest here.',
  },
  stranger: {
    da: 'Hej! Jeg hjælper kun virksomhedens egne medarbejdere, og du kommer fra en anden.',
    en: 'Hello! I help the company’s own employees only, and you come from another.',
  },
} as const satisfies Record<string, Sentence>

/** Only they see it; and in a direct message there is nobody else. */
async function answer(
  parts: SlackParts,
  workspace: Workspace,
  person: KnownPerson,
  approach: Approach,
): Promise<void> {
  const { standing } = person
  if (standing === 'bot' || standing === 'linked' || approach.channel === undefined) return
  if (!(await mayGreet(parts, workspace, person.id, approach.isInteraction))) return
  const link = standing === 'unlinked' ? await makeLink(parts.core, workspace, person.id, parts.origin) : ''
  const text = (['da', 'en'] satisfies Locale[])
    .map((locale) => sentence(greetings[standing], locale, { link }))
    .join('\n')
  const { channel, thread, isDirect } = approach
  const where = { channel, text, unfurl_links: false, ...(thread !== undefined && { thread_ts: thread }) }
  const method = isDirect ? 'chat.postMessage' : 'chat.postEphemeral'
  const { unfurl_links: _, ...ephemeral } = where
  const args = isDirect ? where : { ...ephemeral, user: person.slackUser }
  await parts.out.call(workspace, method, args, { channel })
}

/** Once in a while, however often they write: a row says when it was, so that no other process says it again. */
async function mayGreet(
  { core }: SlackParts,
  { tenant }: Workspace,
  person: string,
  isInteraction: boolean,
): Promise<boolean> {
  const before = new Date(core.clock.now().getTime() - (isInteraction ? 0.05 : quiet) * 60_000)
  const rows = await core.database.write(
    tenant,
    sql`UPDATE slack.people SET greeted_at = ${core.clock.now()}
      WHERE tenant_id = ${tenant} AND id = ${person} AND (greeted_at IS NULL OR greeted_at < ${before}) RETURNING id`,
  )
  return rows.length > 0
}
