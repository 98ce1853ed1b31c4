import type { Workspace } from '../install/workspace.ts'
import { isFinal } from './certainty.ts'
import type { Gate } from './gate.ts'
import type { Row } from './row.ts'

interface Posted {
  readonly ts: string
  readonly bot_id?: string
  readonly streaming_state?: string
  readonly metadata?: { readonly event_payload?: Readonly<Record<string, unknown>> }
}

/** Whether a message of a row stands in Slack, though nobody heard so: its `ts`. */
export async function findPosted(
  gate: Gate,
  workspace: Workspace,
  row: Row,
  part: number,
): Promise<string | undefined> {
  const messages = await messagesSince(gate, workspace, row)
  return messages.find(({ metadata: { event_payload: said } = {} }) =>
    said?.['outbox_id'] === row.id && said['part'] === part)?.ts // prettier-ignore
}

/** Streams of ours in the row's thread that nobody ended: what a dead process showed of this answer. */
export async function findBroken(gate: Gate, workspace: Workspace, row: Row): Promise<string[]> {
  const messages = await messagesSince(gate, workspace, row)
  return messages
    .filter(
      ({ bot_id: bot, streaming_state: state, metadata }) =>
        bot === workspace.botId && state !== undefined && state !== 'completed' && metadata === undefined,
    )
    .map(({ ts }) => ts)
}

/** Slack's clock and ours may differ by so many milliseconds. */
const apart = 60_000
const mostPages = 5

async function messagesSince(gate: Gate, workspace: Workspace, row: Row): Promise<Posted[]> {
  const { channel, thread } = row
  const method = thread ? 'conversations.replies' : 'conversations.history'
  const found: Posted[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await readPage(gate, workspace, method, {
      channel, include_all_metadata: true, limit: 200, oldest: String((row.createdAt.getTime() - apart) / 1_000),
      ...(thread && { ts: thread }), ...(cursor && { cursor }),
    }) // prettier-ignore
    found.push(...((answer['messages'] ?? []) as Posted[]))
    cursor = (answer['response_metadata'] as { next_cursor?: string } | undefined)?.next_cursor
    if (!cursor) break
  }
  return found
}

/** Where the bot may not read, nothing is found: an answer twice is better than none. */
async function readPage(
  gate: Gate,
  workspace: Workspace,
  method: string,
  args: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  try {
    return await gate.call(workspace, method, args)
  } catch (error) {
    if (isFinal(error)) return {}
    throw error
  }
}
