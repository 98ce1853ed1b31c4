import { Fault, fault, readInbound, type Authenticated, type Inbound, type ReplyEvent } from '#core'
import type { Answer, Place } from '../outbox/outgoing.ts'
import { overheardBefore, type ContextParts } from './context.ts'
import type { Kept, Spot } from './kept.ts'
import type { AnswerRooms } from './rooms.ts'
import type { Thread } from './threads.ts'
import { wordsOf } from './words.ts'

/** Why a question is not answered any further here. `left`: this process ends, and another one goes on. */
export type Reason = 'changed' | 'stopped' | 'removed' | 'left'

/** The answering of a question, as others in this process see it. */
export interface Run {
  readonly spot: Spot
  /** Resolves when it is over, however it ended. */
  readonly done: Promise<void>
  /** Aborted with a `Reason`; a changed question gets another. */
  abort: AbortController
  /** The edit in whose words it reads its question; nothing before it has read it. */
  reads?: string
}

export interface RunParts extends ContextParts {
  readonly rooms: AnswerRooms
}

export interface Attempt {
  readonly run: Run
  readonly asked: Kept
  readonly who: Authenticated | Fault
  readonly place: Place
  readonly answer: Answer
}

/** Hands the message to the agent and shows what it says and does; the last word, or the fault that it ended with. */
export async function converse(
  room: RunParts,
  { run, asked, who, place, answer }: Attempt,
): Promise<ReplyEvent | Fault | undefined> {
  if (who instanceof Fault) return who
  const { parts, store } = room
  const { spot } = run
  const { workspace, channel } = spot
  const thread = await store.find(workspace, channel, asked.root)
  if (!thread) return fault('not_found')
  let last: ReplyEvent | Fault | undefined
  for await (const event of parts.conversations.handle(
    await inboundOf(room, { run, asked, who, place, answer }, thread, who),
  )) {
    if (event.type === 'conversation') {
      if (!(await store.placed(spot, asked, event.message))) run.abort.abort('changed' satisfies Reason)
    } else if (event.type === 'text') answer.text(event.delta)
    else if (event.type === 'replace') answer.replace(event.text)
    else if (event.type === 'call') answer.task(event.call)
    else last = event.type === 'error' ? event.fault : event
  }
  return last
}

async function inboundOf(
  room: RunParts,
  { run, asked }: Attempt,
  thread: Thread,
  who: Authenticated,
): Promise<Inbound> {
  const { workspace, channel, ts } = run.spot
  const { locale } = who
  const { text } = readInbound({ text: wordsOf(asked.text, workspace.botUserId) }, locale)
  const [overheard, rules] = await Promise.all([
    overheardBefore(room, workspace, { channel, thread, asked, locale }),
    room.rooms.rulesOf(workspace, channel),
  ])
  return {
    caller: who,
    shared: {
      id: thread.conversation,
      overheard,
      ...(asked.message !== null && { replaces: asked.message }),
    },
    ...(rules.agentId !== null && { agent: rules.agentId }),
    text,
    messageId: `slack:${workspace.id}:${channel}:${ts}:${asked.edited}`,
    locale,
    surface: 'slack',
    requestId: `slack-${channel}-${ts}`,
    signal: run.abort.signal,
  }
}

export function faultOf({ parts }: RunParts, error: unknown): Fault {
  if (error instanceof Fault) return error
  parts.core.log.error({ err: error }, 'a question in Slack could not be answered')
  return fault('internal', undefined, { cause: error })
}
