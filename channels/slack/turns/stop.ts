import { sentence, type AnyOperation, type Authenticated, type Core } from '#core'
import type { Person } from '../people/person.ts'
import type { Place } from '../outbox/outgoing.ts'
import type { ContextParts } from './context.ts'
import type { Reason, Run } from './converse.ts'
import { said } from './sentences.ts'
import type { Kept, Spot } from './kept.ts'

export interface StopParts extends ContextParts {
  running(spot: Spot): Run | undefined
}

/** Ends the answering of a question, in whatever process that is done, and takes back what its agent asked for. */
export async function endQuestion(room: StopParts, spot: Spot, asked: Kept, reason: Reason): Promise<void> {
  const { workspace, channel } = spot
  await stopAnswering(room, spot, asked, reason)
  const thread = await room.store.find(workspace, channel, asked.root)
  const who =
    asked.person && (await room.parts.core.accessOf(workspace.tenant, asked.person).catch(() => undefined))
  if (thread && who) await withdrawAll(room.parts.core, who, thread.conversation)
}

/** The same without a word about what waits: of a question that is changed the core takes it back before it is answered anew. */
export async function stopAnswering(
  { parts, store, running }: StopParts,
  spot: Spot,
  asked: Kept,
  reason: Reason,
): Promise<void> {
  const run = running(spot)
  run?.abort.abort(reason)
  const thread = await store.find(spot.workspace, spot.channel, asked.root)
  if (thread && asked.message && asked.person) {
    const { tenant } = spot.workspace
    await parts.conversations.stop({
      tenant,
      person: asked.person,
      conversation: thread.conversation,
      message: asked.message,
    })
  }
  if (reason !== 'changed') await run?.done
}

/** Somebody pressed Stop in a thread: what is done there for them ends, and nothing else. */
export async function stopInThread(
  room: StopParts,
  place: Place & { thread: string },
  person: Person,
): Promise<void> {
  const { parts, store } = room
  const { workspace, channel, thread: root } = place
  const thread = await store.find(workspace, channel, root)
  if (!thread) return
  const asked = await store.askedIn(workspace, channel, root)
  const own = asked.filter(({ person: asker }) => asker !== null && asker === person.employee)
  if (own.length === 0 && asked.length > 0) return tellOnlyOwn(room, place, person)
  for (const one of own) {
    const spot = { workspace, channel, ts: one.ts }
    await store.stop(spot)
    await stopAnswering(room, spot, one, 'stopped')
  }
  const who =
    person.employee && (await parts.core.accessOf(workspace.tenant, person.employee).catch(() => undefined))
  if (who) await withdrawAll(parts.core, who, thread.conversation)
  if (own.length === 0) await rest(room, place)
}

async function tellOnlyOwn(
  { parts }: StopParts,
  place: Place,
  { slackUser, employee }: Person,
): Promise<void> {
  const who = employee && (await parts.core.accessOf(place.workspace.tenant, employee).catch(() => undefined))
  const text = sentence(said.onlyOwn, who ? who.locale : 'da')
  await parts.out.ephemeral(place, slackUser, { text })
}

/** Nothing was running, so no answer ends: only what waited is over. */
const rest = async ({ parts }: StopParts, { workspace, channel, thread }: Place): Promise<void> =>
  void (await parts.out.call(
    workspace,
    'agents.sessions.setStatus',
    { channel_id: channel, thread_ts: thread, status: 'active' },
    { channel },
  ))

interface Waiting {
  readonly items: readonly { readonly id: string; readonly personId: string }[]
}

/** Takes back what agents asked for in this person's name in a conversation, and what is not decided yet. */
async function withdrawAll(core: Core, who: Authenticated, conversationId: string): Promise<void> {
  const caller = { ...who, origin: { surface: 'slack' as const, requestId: `slack-stop-${conversationId}` } }
  const call = async (name: string, input: unknown): Promise<unknown> =>
    (await core.invoke(core.registry.find(name) as AnyOperation, input, caller)).value
  const { items } = (await call('platform.approvals.list', {
    conversationId,
    status: 'pending',
    limit: 50,
  })) as Waiting
  for (const { id, personId } of items)
    if (personId === who.actor.id) await call('platform.approvals.withdraw', { id }).catch(() => undefined)
}
