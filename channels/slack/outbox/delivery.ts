import type { Core } from '#core'
import { SlackRefusal } from '../install/api.ts'
import type { Workspace } from '../install/workspace.ts'
import { hasCode, isFinal, untilSure } from './certainty.ts'
import { deliverFile } from './files.ts'
import type { Gate } from './gate.ts'
import { sendGreeting } from './greet.ts'
import { findPosted } from './history.ts'
import { messagesOf, unfurlsNothing, type SlackMessage } from './message.ts'
import type { Row } from './row.ts'
import type { Rows } from './rows.ts'
import type { IsOwn } from '../text/links.ts'
import type { Timer } from './timer.ts'

export interface DeliveryParts {
  readonly core: Core
  readonly gate: Gate
  readonly rows: Rows
  readonly timer: Timer
  /** Addresses that may stand where Slack cannot be told to ask them nothing. */
  readonly isOwn: IsOwn
}

export interface Known {
  /** Nobody has tried to send it before. */
  readonly isFirst: boolean
  /** Messages of it that stand in Slack as they are to be. */
  readonly shown?: ReadonlySet<number>
}

/**
 * Makes Slack say what a row says, and settles it. What may be there already is looked for before it is posted; what is
 * known to be there is made to say it. Answers the `ts` of its last message.
 *
 * @throws SlackRefusal where Slack will never take it (the row is closed with its code), or where it was not heard of for
 * half a minute (the row is left to be sent later).
 */
export async function deliver(
  parts: DeliveryParts,
  workspace: Workspace,
  row: Row,
  known: Known,
): Promise<string> {
  try {
    const sent = await send(parts, workspace, row, known)
    await parts.rows.settle(row, sent)
    return sent.at(-1) ?? ''
  } catch (error) {
    if (isFinal(error)) await parts.rows.refuse(row, error.code)
    else await parts.rows.release(row.tenant, [row.id])
    throw error
  }
}

function send(parts: DeliveryParts, workspace: Workspace, row: Row, known: Known): Promise<string[]> {
  const { kind, content } = row
  if (kind === 'file') return sendFile(parts, workspace, row, known)
  const greeting = content?.greeting
  if (greeting) return sendGreeting(parts, { workspace, row, content, greeting, isFirst: known.isFirst })
  return sendMessages(parts, workspace, row, known)
}

async function sendFile(parts: DeliveryParts, workspace: Workspace, row: Row, { isFirst }: Known) {
  await deliverFile(parts, workspace, row, isFirst)
  return []
}

async function sendMessages(parts: DeliveryParts, workspace: Workspace, row: Row, known: Known): Promise<string[]> {
  if (!row.content) throw new SlackRefusal('refused', 'no_text')
  const messages = messagesOf(row, row.content)
  const sent: string[] = []
  for (const [part, message] of messages.entries()) {
    sent.push(await say(parts, { workspace, row, part, message, known }))
    const isMore = part < messages.length - 1
    if (isMore && sent[part] !== row.sent[part]) await parts.rows.saveSent(row, [...sent, ...row.sent.slice(part + 1)])
  }
  for (const ts of row.sent.slice(messages.length)) await takeBack(parts, workspace, row, ts)
  return sent
} // prettier-ignore

interface Part {
  readonly workspace: Workspace
  readonly row: Row
  readonly part: number
  readonly message: SlackMessage
  readonly known: Known
}

async function say(parts: DeliveryParts, one: Part): Promise<string> {
  const ts = one.row.sent[one.part]
  if (!ts) return post(parts, one)
  if (one.message.way === 'post' || one.known.shown?.has(one.part)) return ts
  try {
    await change(parts, one, ts)
    return ts
  } catch (error) {
    // Somebody has deleted it; a stand-in for a message that we were asked to change there is none.
    if (one.row.kind === 'update' || !hasCode(error, 'message_not_found')) throw error
    return post(parts, one)
  }
}

const post = ({ gate, timer }: DeliveryParts, { workspace, row, part, message, known }: Part): Promise<string> =>
  untilSure(timer, async (isRepeat) => {
    const found = isRepeat || !known.isFirst ? await findPosted(gate, workspace, row, part) : undefined
    if (found) return found
    const thread = row.thread ? { thread_ts: row.thread } : {}
    const args = { channel: row.channel, ...thread, ...message.args, ...unfurlsNothing }
    return String((await gate.call(workspace, 'chat.postMessage', args, { channel: row.channel }))['ts'])
  }) // prettier-ignore

/** May be done again and again. A stream that is still open is ended first: until then it takes no change. */
async function change(parts: DeliveryParts, one: Part, ts: string): Promise<void> {
  const { gate, timer } = parts
  const { workspace, row, message } = one
  const place = { channel: row.channel, ts }
  await untilSure(timer, async () => {
    try {
      await gate.call(workspace, 'chat.update', { ...place, ...message.args })
    } catch (error) {
      if (!hasCode(error, 'streaming_state_conflict')) throw error
      await endStream(gate, workspace, place)
      await gate.call(workspace, 'chat.update', { ...place, ...message.args })
    }
  })
}

async function endStream(gate: Gate, workspace: Workspace, place: { channel: string; ts: string }) {
  try {
    await gate.call(workspace, 'chat.stopStream', place)
  } catch (error) {
    if (!hasCode(error, 'message_not_in_streaming_state')) throw error
  }
}

/** A message that the answer turned out not to need. */
async function takeBack({ gate, timer }: DeliveryParts, workspace: Workspace, { channel }: Row, ts: string) {
  await untilSure(timer, async () => {
    try {
      await gate.call(workspace, 'chat.delete', { channel, ts })
    } catch (error) {
      if (!hasCode(error, 'message_not_found', 'cant_delete_message')) throw error
    }
  })
}
