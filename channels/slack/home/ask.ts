import { sentence } from '#core'
import { directChannel } from '../approvals/show.ts'
import { line, richText, words } from '../blockKit.ts'
import { SlackRefusal } from '../install/refusal.ts'
import type { Workspace } from '../install/workspace.ts'
import type { Place } from '../outbox/outgoing.ts'
import type { SlackParts } from '../parts.ts'
import type { Person } from '../people/person.ts'
import type { Present } from '../present.ts'
import { said } from './sentences.ts'

/** A question that was not written as a message: by the command, in a modal, about somebody's message. */
export interface Question {
  readonly present: Present
  /** Slack's id of the workspace that they are in. */
  readonly team: string
  readonly channel: string
  /** Root of the thread that it belongs into; it opens one where there is none. */
  readonly thread?: string
  readonly text: string
  /** The same for the same press, however often it comes. */
  readonly key: string
}

/** Has the agent answer a question that stands in Slack now, under `ts`, in its thread. */
export type Answering = (place: Place, question: Question, ts: string) => Promise<void>

/** What hears what people write in Slack. */
export interface Hearing {
  hear(workspace: Workspace, person: Person, event: Readonly<Record<string, unknown>>): Promise<void>
}

/** The question is heard as a mention of the bot by whoever asked: kept before it is answered, and answered once. */
export const answeredBy =
  (turns: Hearing): Answering =>
  (place, { present, team, text }, ts) => {
    const { workspace, slackUser, who } = present
    const person: Person = { slackUser, employee: who.actor.id, standing: 'linked' }
    return turns.hear(workspace, person, {
      type: 'app_mention',
      channel: place.channel,
      channel_type: place.isDirect ? 'im' : 'channel',
      user: slackUser,
      team,
      ts,
      text: `<@${workspace.botUserId}> ${text}`,
      ...(place.thread !== undefined && place.thread !== ts && { thread_ts: place.thread }),
    })
  }

/**
 * Writes down in Slack who asks what, and has it answered in a thread. Where the app may not write, a question is asked in a
 * direct message; one about somebody's message is not, since the agent would not know whose words those are.
 */
export async function askAloud(parts: SlackParts, answer: Answering, question: Question): Promise<void> {
  try {
    await askIn(parts, answer, question)
  } catch (error) {
    if (!(error instanceof SlackRefusal) || !keptOut.has(error.code)) throw error
    await askInPrivate(parts, answer, question)
  }
}

async function askInPrivate(parts: SlackParts, answer: Answering, question: Question): Promise<void> {
  const { present, key } = question
  const { workspace, slackUser, who } = present
  const channel = await directChannel(parts, workspace, slackUser)
  if (question.thread === undefined)
    return askIn(parts, answer, { ...question, channel, key: `${key}:direct` })
  const place: Place = { workspace, channel, isDirect: true, locale: who.locale }
  await parts.out.post(place, { text: sentence(said.notHere, who.locale) }, `${key}:direct`)
}

/** The app is not in the channel, or nobody writes there. */
const keptOut = new Set(['not_in_channel', 'channel_not_found', 'is_archived', 'restricted_action'])

async function askIn(parts: SlackParts, answer: Answering, question: Question): Promise<void> {
  const { present, team, channel, thread, text, key } = question
  const { workspace, slackUser, who } = present
  const place: Place = {
    workspace,
    channel,
    isDirect: channel.startsWith('D'),
    locale: who.locale,
    recipient: { team, user: slackUser },
    ...(thread !== undefined && { thread }),
  }
  const asks = sentence(said.asks, who.locale, { person: who.actor.name })
  const blocks = [richText([line(words(`${asks} `, { bold: true }), words(text))])]
  const { ts } = await parts.out.post(place, { text: `${asks} ${text}`, blocks }, key)
  await answer({ ...place, thread: thread ?? ts }, question, ts)
}
