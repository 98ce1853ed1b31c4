import { Fault, fault, readInbound, sentence, type Authenticated, type Inbound, type ReplyEvent } from '#core'
import { SlackRefusal } from '../install/api.ts'
import type { Answer, Place } from '../outbox/outgoing.ts'
import { overheardBefore, type ContextParts } from './context.ts'
import type { AnswerRooms } from './rooms.ts'
import { said } from './sentences.ts'
import type { Kept, Spot, Thread } from './store.ts'
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
}

export interface RunParts extends ContextParts {
  readonly rooms: AnswerRooms
}

/** Answers a question that this process has, and answers it anew where it is changed meanwhile. */
export async function runQuestion(room: RunParts, run: Run): Promise<void> {
  const { spot } = run
  const first = await room.store.read(spot)
  if (first?.state !== 'asked' || run.abort.signal.reason === 'left') return
  // What was changed while it waited is read in its new words.
  if (run.abort.signal.aborted) run.abort = new AbortController()
  const who = await asker(room, spot, first)
  const place = placeOf(spot, first, who)
  const answer = await room.parts.out.answer(place, `answer:${spot.channel}:${spot.ts}:${first.answerKey}`)
  for (let asked = first; ;) {
    if (await answered(room, { run, asked, who, place, answer })) return
    const now = await room.store.read(spot)
    if (!now || !isOursStill(run, first, asked, now)) break
    asked = now
    run.abort = new AbortController()
    answer.replace('')
  }
  await breakOff(room, run, answer, place)
}

/** It is asked in other words now, and no other process has taken it over. */
const isOursStill = ({ abort }: Run, first: Kept, asked: Kept, now: Kept): boolean =>
  abort.signal.reason !== 'left' &&
  now.state === 'asked' &&
  now.edited !== asked.edited &&
  now.answerKey === first.answerKey

/** The employee as they are now; the fault that they read where they are none any more, or not the one who wrote. */
async function asker(
  { parts }: RunParts,
  { workspace }: Spot,
  { person, author }: Kept,
): Promise<Authenticated | Fault> {
  try {
    const [who, { employee }] = await Promise.all([
      parts.core.accessOf(workspace.tenant, person as string),
      parts.people.find(workspace, author),
    ])
    return employee === person ? who : fault('unauthenticated')
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

function placeOf(
  { workspace, channel }: Spot,
  { root, team, author }: Kept,
  who: Authenticated | Fault,
): Place {
  return {
    workspace,
    channel,
    thread: root,
    recipient: { team: team ?? workspace.teamId ?? '', user: author },
    isDirect: channel.startsWith('D'),
    locale: who instanceof Fault ? 'da' : who.locale,
  }
}

interface Attempt {
  readonly run: Run
  readonly asked: Kept
  readonly who: Authenticated | Fault
  readonly place: Place
  readonly answer: Answer
}

/** True when the answer stands in Slack; false where it was broken off, or is another process's to give now. */
async function answered(room: RunParts, attempt: Attempt): Promise<boolean> {
  const { run, asked, who, place, answer } = attempt
  const outcome = await converse(room, attempt).catch((error: unknown) => faultOf(room, error))
  if (run.abort.signal.aborted || !(await room.store.stands(run.spot, asked.edited))) return false
  if (outcome === undefined) return false
  const locale = place.locale ?? 'da'
  if (outcome instanceof Fault) await answer.end(outcome.sentence(locale))
  else {
    const { text, id } = outcome.reply
    const waiting = outcome.approvals.length > 0
    await answer.finish(text, { waiting, blocks: room.rooms.feedback(id, locale) })
    if (waiting) await room.rooms.showApprovals(place, outcome.approvals, who as Authenticated)
  }
  await room.store.settle(run.spot, 'answered')
  return true
}

/** Hands the message to the agent and shows what it says and does; the last word, or the fault that it ended with. */
async function converse(
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
    if (event.type === 'conversation') await store.placed(spot, asked.root, event.message)
    else if (event.type === 'text') answer.text(event.delta)
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
    shared: { id: thread.conversation, overheard },
    ...(rules.agentId !== null && { agent: rules.agentId }),
    text,
    messageId: `slack:${workspace.id}:${channel}:${ts}:${asked.edited}`,
    locale,
    surface: 'slack',
    requestId: `slack-${channel}-${ts}`,
    signal: run.abort.signal,
  }
}

function faultOf({ parts }: RunParts, error: unknown): Fault {
  if (error instanceof Fault) return error
  parts.core.log.error({ err: error }, 'a question in Slack could not be answered')
  return fault('internal', undefined, { cause: error })
}

/** Says in Slack why nothing more comes. Who leaves says nothing: another process goes on with the answer. */
async function breakOff(
  { store }: RunParts,
  { spot, abort }: Run,
  answer: Answer,
  place: Place,
): Promise<void> {
  if (abort.signal.reason === 'left') return
  const kept = await store.read(spot)
  const why = kept?.state === 'removed' ? 'removed' : kept?.state === 'asked' ? 'changed' : 'stopped'
  await answer.end(sentence(said[why], place.locale ?? 'da')).catch((error: unknown) => {
    // Where a question was deleted, there may be no thread any more to say it in.
    if (!(error instanceof SlackRefusal)) throw error
  })
}
