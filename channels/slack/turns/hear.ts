import type { Workspace } from '../install/workspace.ts'
import type { Person } from '../people/person.ts'
import { backfill } from './backfill.ts'
import { isForBot, isOwn, isQuestion, readHeard, type Said } from './event.ts'
import type { Body } from '../inbox/envelope.ts'
import type { AnswerRooms } from './rooms.ts'
import { endQuestion, stopAnswering, type StopParts } from './stop.ts'
import type { Spot } from './kept.ts'
import { wordsOf } from './words.ts'

export interface HearParts extends StopParts {
  readonly rooms: AnswerRooms
  /** Has a question answered in its turn, unless that is done already. */
  start(spot: Spot, root: string): void
}

/** Does what follows from a message that was written, changed or taken back by somebody. */
export async function hear(
  room: HearParts,
  workspace: Workspace,
  person: Person | undefined,
  event: Body,
): Promise<void> {
  const heard = readHeard(event)
  if (!heard || isOwn(heard.said, workspace)) return
  const { said } = heard
  const employee = said.isBot ? null : (person?.employee ?? null)
  if (heard.kind === 'said') return hearSaid(room, workspace, said, employee)
  if (heard.kind === 'removed') return hearRemoved(room, workspace, said)
  const isRead = (text: string): string => wordsOf(text, workspace.botUserId)
  if (isRead(heard.before) !== isRead(said.text)) await hearChanged(room, workspace, said, employee)
}

async function hearSaid(
  room: HearParts,
  workspace: Workspace,
  said: Said,
  employee: string | null,
): Promise<void> {
  const { store, rooms } = room
  const thread = await store.find(workspace, said.channel, said.root)
  const takesPart = async (): Promise<boolean> =>
    thread !== undefined || (await rooms.rulesOf(workspace, said.channel)).answers === 'everything'
  if (employee !== null && (await isQuestion(said, workspace.botUserId, takesPart)))
    await ask(room, workspace, said, employee)
  else if (thread) await store.keep(workspace, [said])
}

async function ask(room: HearParts, workspace: Workspace, said: Said, employee: string): Promise<void> {
  const thread = await room.store.enter(workspace, said)
  if (thread.isNew && said.root !== said.ts) await backfill(room, workspace, said)
  if (await room.store.ask(workspace, said, employee)) room.start(spotOf(workspace, said), said.root)
}

/** An edit may come before what it changes. */
async function hearChanged(
  room: HearParts,
  workspace: Workspace,
  said: Said,
  employee: string | null,
): Promise<void> {
  const { store, running, start } = room
  if (!(await mayConcernUs(room, workspace, said))) return
  const kept = await store.change(workspace, said, employee)
  if (kept?.state !== 'asked') return
  const spot = spotOf(workspace, said)
  const run = running(spot)
  // It came to read its question again before the edit was known to be kept: these words are answered.
  if (run?.reads !== undefined && run.reads >= kept.edited) return
  if (!run) await store.takeOver(spot)
  await stopAnswering(room, spot, kept, 'changed')
  if (!run) return start(spot, said.root)
  // Where it was past reading its question again, it is begun again.
  void run.done.then(() => start(spot, said.root))
}

async function hearRemoved(room: HearParts, workspace: Workspace, said: Said): Promise<void> {
  if (!(await mayConcernUs(room, workspace, said))) return
  const before = await room.store.remove(workspace, said)
  if (before?.state === 'asked') await endQuestion(room, spotOf(workspace, said), before, 'removed')
}

/** Only what may be a question, or was said in a thread where the agent takes part, is known here. */
const mayConcernUs = async ({ store }: HearParts, workspace: Workspace, said: Said): Promise<boolean> =>
  isForBot(said, workspace.botUserId) || (await store.find(workspace, said.channel, said.root)) !== undefined

const spotOf = (workspace: Workspace, { channel, ts }: Said): Spot => ({ workspace, channel, ts })
