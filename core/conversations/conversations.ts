import { setTimeout as sleep } from 'node:timers/promises'
import type { Core } from '../core.ts'
import type { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { coreErrors, fail, fault, type CoreErrorCode, type Fault } from '../errors.ts'
import type { AccessOf } from '../identity/presentAccess.ts'
import type { Locale } from '../language.ts'
import { personOf } from '../operations/context.ts'
import type { Caller } from '../operations/caller.ts'
import type { AgentPort } from './agentPort.ts'
import { finishInterrupted, type Recovery } from './interrupted.ts'
import { receive, type Received } from './receive.ts'
import { runTurn } from './runTurn.ts'
import { createStops, type Stops } from './stops.ts'
import { storableText } from './storable.ts'
import { waitingIn, type Inbound, type TurnEvent } from './turn.ts'
import { createTurnStore, type TurnState, type TurnStore } from './turnStore.ts'

/** What channels and agents share: every message goes in here, and its answer comes out, whatever the channel. */
export interface Conversations {
  /**
   * Keeps the message and answers it. A message that is delivered again is not handled again: the delivery gets
   * the answer that is kept, or waits for the one that is being made; one that failed or was stopped is gone on with.
   * Refuses (throws a `Fault`) before the first event; later the last event is `reply` or `error`.
   */
  handle(inbound: Inbound): AsyncIterable<TurnEvent>
  /**
   * Stops what the agent does for this person in a conversation, whichever process does it: that hears of it at once, or, should
   * the word be lost, when it moves the lease on. What was said and done stays.
   */
  stop(asked: Stop): Promise<void>
  /** Goes on with turns whose process is gone, or ends them honestly; for the start and now and then. */
  recover(recovery?: Recovery): Promise<void>
}

export interface Stop {
  readonly tenant: string
  readonly person: string
  readonly conversation: string
  /** Only what answers this message; it is not answered any more, however often it is delivered. */
  readonly message?: string
}

interface ConversationParts {
  readonly core: Core
  readonly agent: AgentPort
  /** Who a person is now; asked before every call of a turn. The database says, unless there is a quicker way. */
  readonly accessOf?: AccessOf
}

/** What a person must hold to talk to an agent. */
export const talkPermission = 'platform.conversations:write'

export function createConversations(given: ConversationParts): Conversations {
  const { core, agent, accessOf = core.accessOf } = given
  const store = createTurnStore(core.database)
  const parts = { core, store, agent, accessOf, stops: createStops(core.database) }
  return {
    handle: (sent) => handle(parts, sent),
    stop: (asked) => store.stop(asked),
    recover: (recovery = {}) => finishInterrupted(parts, recovery),
  }
}

async function* handle(parts: Parts, sent: Inbound): AsyncGenerator<TurnEvent, void> {
  const { core, agent } = parts
  const heard = { ...sent, text: storableText(sent.text) }
  const personId = await admit(core, heard)
  await requireAgent(agent, heard)
  const inbound = { ...heard, locale: await languageOf(parts, heard) }
  await core.precedence.giveWay()
  const received = await receive(core, inbound, personId)
  const answering = await begun(parts, inbound, received)
  let isHeard = false
  try {
    yield { type: 'conversation', conversation: received.conversation, message: received.message }
    isHeard = true
  } finally {
    if (!isHeard) await answering.return?.()
  }
  yield* { [Symbol.asyncIterator]: () => answering as AsyncIterator<TurnEvent, unknown> }
}

/**
 * The answer of a message, begun while that is still on its way to the disk: nobody hears of either before. A turn that is not ours
 * to run is looked for where everybody sees it.
 */
async function begun(parts: Parts, inbound: Inbound, received: Received): Promise<Answering> {
  if (!received.claimed) await received.kept
  const events = await answer(parts, inbound, received)
  const answering =
    Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events[Symbol.iterator]()
  try {
    await received.kept
    return answering
  } catch (error) {
    await answering.return?.()
    throw error
  }
}

type Answering = AsyncIterator<TurnEvent, unknown> | Iterator<TurnEvent, unknown>

/** Who may talk, and how often; answers the person that the conversation belongs to. */
async function admit(core: Core, { caller: who, surface, requestId }: Inbound): Promise<string> {
  const personId = personOf(who.actor)
  if (personId === undefined || !who.permissions.has(talkPermission))
    fail('forbidden', { permission: talkPermission })
  const caller: Caller = { ...who, origin: { surface, requestId } }
  await core.limits.take(caller)
  return personId
}

/** An agent that does not exist and one that is not spoken to here are answered alike. */
async function requireAgent({ identify }: AgentPort, { caller, agent, surface }: Inbound): Promise<void> {
  if (agent !== undefined && !(await identify?.(caller.tenant.id, agent, surface))) fail('not_found')
}

/** The message's own language; else that of the conversation so far; else the person's. */
async function languageOf({ core, agent }: ConversationParts, inbound: Inbound): Promise<Locale> {
  return agent.languageOf?.(inbound.text) ?? (await lastSpoken(core.database, inbound)) ?? inbound.locale
}

async function lastSpoken(
  database: Database,
  { caller: { tenant }, shared, conversation = shared?.id }: Inbound,
): Promise<Locale | undefined> {
  if (conversation === undefined) return undefined
  const [last] = await database.read<{ locale: Locale }>(
    tenant.id,
    sql`
    SELECT m.locale FROM platform.messages m
    WHERE m.tenant_id = ${tenant.id} AND m.conversation_id = ${conversation} AND m.role = 'person'
    ORDER BY m.at DESC, m.id DESC LIMIT 1`,
  )
  return last?.locale
}

interface Parts extends ConversationParts {
  readonly accessOf: AccessOf
  readonly store: TurnStore
  readonly stops: Stops
}

/** Milliseconds between two looks at a turn that somebody else runs. */
const lookEvery = 150

async function answer(
  parts: Parts,
  inbound: Inbound,
  { conversation, reply: id, claimed }: Received,
): Promise<AsyncIterable<TurnEvent> | Iterable<TurnEvent>> {
  const { store } = parts
  const { caller: who, requestId } = inbound
  const place = { tenant: who.tenant.id, conversation, id }
  const signal = inbound.signal ?? new AbortController().signal
  if (claimed) return runTurn(parts, { turn: claimed, who, requestId, signal })
  for (let looks = 0; ; looks++) {
    const state = (await store.state(place)) ?? fail('not_found')
    // Whoever waited for a turn that then failed hears that it failed; only a new delivery tries again.
    const worthTaking = state.claimable && (looks === 0 || state.status !== 'failed')
    const turn = worthTaking ? await store.claim(place) : undefined
    if (turn) return runTurn(parts, { turn, who, requestId, signal })
    if (!worthTaking && isOver(state)) return told(state)
    if (state.hopeless) await store.abandon(place)
    if (state.status === 'waiting' && looks % 20 === 0) await store.keepWaiting(place)
    if (await left(signal)) return []
  }
}

const isOver = ({ status }: TurnState): boolean => status !== 'waiting' && status !== 'running'

/** Waits a little; true when the listener has gone meanwhile. */
async function left(signal: AbortSignal): Promise<boolean> {
  await sleep(lookEvery, undefined, { signal }).catch(() => undefined)
  return signal.aborted
}

function* told({ status, code, conversation, reply, text, calls }: TurnState): Generator<TurnEvent, void> {
  for (const call of calls) yield { type: 'call', call }
  if (status === 'failed') return yield { type: 'error', fault: keptFault(code) }
  yield { type: 'text', delta: text }
  yield { type: 'reply', conversation, reply: { id: reply, text }, calls, approvals: waitingIn(calls) }
}

function keptFault(code: string | null): Fault {
  return fault(code !== null && code in coreErrors ? (code as CoreErrorCode) : 'unavailable')
}
