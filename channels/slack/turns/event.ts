import { fieldsOf, textOf, type Body } from '../inbox/envelope.ts'
import type { Workspace } from '../install/workspace.ts'

/** A file that came with a message, as Slack describes it. */
export interface SharedFile {
  readonly name: string
  readonly type: string
  readonly size: number
  /** Read with the bot's token. */
  readonly address: string
}

/** What somebody said in a channel or a direct message. */
export interface Said {
  readonly channel: string
  readonly ts: string
  /** `ts` of the first message of its thread: its own, where it begins one. */
  readonly root: string
  /** Who wrote it; the app, where one did it in somebody's name. */
  readonly user: string
  readonly team: string | undefined
  readonly text: string
  readonly files: readonly SharedFile[]
  /** Slack's time of the last edit; empty before the first. */
  readonly edited: string
  readonly isDirect: boolean
  readonly isBot: boolean
}

export type Heard =
  | { readonly kind: 'said'; readonly said: Said }
  | { readonly kind: 'removed'; readonly said: Said }
  | { readonly kind: 'changed'; readonly said: Said; readonly before: string }

/** Kinds of messages in which somebody says something; the others are notices of Slack's own. */
const speech = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message', 'bot_message'])

/** Reads an event of a message; nothing where it tells of nothing that somebody said, changed or took back. */
export function readHeard(event: Body): Heard | undefined {
  const subtype = textOf(event['subtype'])
  const message = fieldsOf(event['message'])
  const before = fieldsOf(event['previous_message'])
  const read = (one: Body) => readSaid(one, textOf(event['channel']), event['channel_type'] === 'im')
  if (subtype === 'message_deleted') return removed(read({ ...before, ts: event['deleted_ts'] }))
  if (subtype !== 'message_changed') return speech.has(subtype) ? saidOf(read(event)) : undefined
  // A first message that is taken back from under its answers leaves a stone in its place.
  if (message['subtype'] === 'tombstone') return removed(read({ ...before, ts: message['ts'] }))
  // Slack changes a message by itself too, such as when it shows what a link leads to.
  const changed = message['edited'] === undefined ? undefined : read(message)
  return changed && { kind: 'changed', said: changed, before: textOf(before['text']) ?? '' }
}

const saidOf = (said: Said | undefined): Heard | undefined => said && { kind: 'said', said }
const removed = (said: Said | undefined): Heard | undefined => said && { kind: 'removed', said }

/** Reads a message of Slack's, of an event or of a channel's history. */
export function readSaid(message: Body, channel: string | undefined, isDirect: boolean): Said | undefined {
  const ts = textOf(message['ts'])
  const bot = textOf(message['bot_id'])
  const user = bot ?? textOf(message['user'])
  if (channel === undefined || ts === undefined || user === undefined || user === 'USLACK') return undefined
  const files = Array.isArray(message['files']) ? message['files'].map(fieldsOf) : []
  return {
    channel,
    ts,
    root: textOf(message['thread_ts']) ?? ts,
    user,
    team: textOf(message['user_team']) ?? textOf(message['team']),
    text: textOf(message['text']) ?? '',
    files: files.flatMap(readFile),
    edited: textOf(fieldsOf(message['edited'])['ts']) ?? '',
    isDirect: isDirect || channel.startsWith('D'),
    isBot: bot !== undefined,
  }
}

function readFile(file: Body): SharedFile[] {
  const address = textOf(file['url_private_download']) ?? textOf(file['url_private'])
  if (address === undefined) return []
  const [name, type] = [textOf(file['name']) ?? '?', textOf(file['mimetype']) ?? '']
  return [{ name: name.slice(0, 150), type, size: Number(file['size'] ?? 0), address }]
}

/** Whether the bot wrote it itself. */
export const isOwn = ({ user }: Said, { botUserId, botId }: Bot): boolean =>
  user === botUserId || user === botId

type Bot = Pick<Workspace, 'botUserId' | 'botId'>

/** Whether it is said to the bot in so many words: alone with it, or by its name. */
export const isForBot = ({ text, isDirect }: Said, botUserId: string): boolean =>
  isDirect || text.includes(`<@${botUserId}>`)

/** The same, or where the bot takes part and nobody else is named first. */
export async function isQuestion(
  said: Said,
  botUserId: string,
  takesPart: () => Promise<boolean>,
): Promise<boolean> {
  return isForBot(said, botUserId) || (!/^\s*<@[UW]/.test(said.text) && (await takesPart()))
}
