import { Fault, fault, sentence, type Authenticated, type ReplyEvent } from '#core'
import { SlackRefusal } from '../install/api.ts'
import type { Answer, Place } from '../outbox/outgoing.ts'
import { converse, faultOf, type Attempt, type Run, type RunParts } from './converse.ts'
import type { Kept, Spot } from './kept.ts'
import { said } from './sentences.ts'
import { doneIn, supersede } from './superseded.ts'

/** Answers a question that this process has, and answers it anew where it is changed meanwhile. */
export async function runQuestion(room: RunParts, run: Run): Promise<void> {
  let isAskedAnew = true
  while (isAskedAnew) isAskedAnew = await answerAsked(room, run)
}

/** True where the question was changed in the moment that its answer stood, so that it wants another. */
async function answerAsked(room: RunParts, run: Run): Promise<boolean> {
  const { spot } = run
  const first = await room.store.read(spot)
  if (first?.state !== 'asked' || !first.isOurs || run.abort.signal.reason === 'left') return false
  // What was changed while it waited is read in its new words.
  if (run.abort.signal.aborted) run.abort = new AbortController()
  run.reads = first.edited
  const who = await asker(room, spot, first)
  const place = placeOf(spot, first, who)
  const superseding = supersedeFormer(room, place, spot, first.former)
  const answer = await room.parts.out.answer(place, answerName(spot, first.answerKey))
  const state = await answerUntilStill(room, { run, asked: first, who, place, answer })
  if (state === undefined) await breakOff(room, run, answer, place)
  await superseding
  return state === 'asked'
}

/** The key of an answer in the outbox. */
const answerName = ({ channel, ts }: Spot, key: string | null): string => `answer:${channel}:${ts}:${key}`

/** Answers it until it is not changed any more; what it is then, or nothing where it was broken off. */
async function answerUntilStill(room: RunParts, first: Attempt): Promise<'answered' | 'asked' | undefined> {
  const { run, answer } = first
  for (let { asked } = first; ;) {
    const state = await answered(room, { ...first, asked })
    if (state !== undefined) return state
    const now = await room.store.read(run.spot)
    if (!now || !isOursStill(run, asked, now)) return undefined
    asked = now
    run.abort = new AbortController()
    run.reads = now.edited
    answer.replace('')
  }
}

/** It is asked in other words now, and no other process has taken it over. */
const isOursStill = ({ abort }: Run, asked: Kept, now: Kept): boolean =>
  abort.signal.reason !== 'left' &&
  now.state === 'asked' &&
  now.edited !== asked.edited &&
  now.answerKey === asked.answerKey

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

/** What the question is once its answer stands in Slack; nothing where that was broken off, or is another process's to give now. */
async function answered(room: RunParts, attempt: Attempt): Promise<'answered' | 'asked' | undefined> {
  const { run, asked } = attempt
  const outcome = await converse(room, attempt).catch((error: unknown) => faultOf(room, error))
  await noteDone(room, run.spot, outcome)
  if (run.abort.signal.aborted || !(await room.store.stands(run.spot, asked.edited))) return undefined
  if (outcome === undefined) return undefined
  await show(room, attempt, outcome)
  const state = await room.store.answered(run.spot, asked)
  return state ?? supersedeOwn(room, attempt)
}

async function show(
  room: RunParts,
  { who, place, answer }: Attempt,
  outcome: ReplyEvent | Fault,
): Promise<void> {
  const locale = place.locale ?? 'da'
  if (outcome instanceof Fault) return answer.end(outcome.sentence(locale))
  const { text, id } = outcome.reply
  const waiting = outcome.approvals.length > 0
  await answer.finish(text, { waiting, blocks: room.rooms.feedback(id, locale) })
  if (waiting) await room.rooms.showApprovals(place, outcome.approvals, who as Authenticated)
}

/** Keeps what was done for the question, to be told where its answer comes to be superseded. */
async function noteDone(
  { parts, store }: RunParts,
  spot: Spot,
  outcome: ReplyEvent | Fault | undefined,
): Promise<void> {
  const done = outcome === undefined || outcome instanceof Fault ? [] : doneIn(parts.core, outcome.calls)
  if (done.length > 0) await store.noteDone(spot, done)
}

const supersedeFormer = async (
  { parts }: RunParts,
  place: Place,
  spot: Spot,
  former: Kept['former'],
): Promise<void> => {
  if (former) await supersede(parts, place, answerName(spot, former.answer), former.done)
}

/** Its answer stands, and another process gives one to the words that the question has now. */
async function supersedeOwn(
  { parts, store }: RunParts,
  { run: { spot }, asked, place }: Attempt,
): Promise<'answered'> {
  const now = await store.read(spot)
  const isElsewhere = now?.answerKey !== asked.answerKey && now?.state !== 'removed'
  if (now && isElsewhere) await supersede(parts, place, answerName(spot, asked.answerKey), now.done)
  return 'answered'
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
