import { setImmediate as nextRound } from 'node:timers/promises'
import type { Core } from '../core.ts'
import { Fault, fault } from '../errors.ts'
import { personOf } from '../operations/context.ts'
import type { Caller } from '../operations/caller.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import type { AgentIdentity, AgentPort, AgentTurn, LeftBehind, PastMessage } from './agentPort.ts'
import type { AccessOf } from '../identity/presentAccess.ts'
import { TurnCalls, type Present } from './calls.ts'
import { eventsOf } from './eventQueue.ts'
import { historyBefore } from './history.ts'
import { keepLease } from './lease.ts'
import { offeredInTurn } from './offered.ts'
import { withdrawReplaced } from './replaced.ts'
import { stopped } from './sentences.ts'
import type { Stops } from './stops.ts'
import { waitingIn, type TurnEvent } from './turn.ts'
import type { TurnTab } from '../usage/tab.ts'
import type { ClaimedTurn, Ending, TurnStore } from './turnStore.ts'

interface RunParts {
  readonly core: Core
  readonly store: TurnStore
  readonly agent: AgentPort
  readonly accessOf: AccessOf
  readonly stops: Stops
}

export interface Run {
  readonly turn: ClaimedTurn
  readonly who: Authenticated
  readonly requestId: string
  readonly signal: AbortSignal
}

/**
 * Runs a claimed turn to its end and tells of it as it goes. When the reader leaves, the agent is stopped, the call
 * that is under way is settled, and the turn is kept as stopped before this iterable is over.
 */
export function runTurn(parts: RunParts, run: Run): AsyncIterable<TurnEvent> {
  const leaving = new AbortController()
  const signal = AbortSignal.any([run.signal, leaving.signal])
  const stop = (): void => leaving.abort(new Error('The person said stop.'))
  return eventsOf(
    (tell) => {
      const work = produce(parts, { ...run, signal, stop }, tell)
      parts.core.afterwards.add(work)
      return work
    },
    () => leaving.abort(new Error('Nobody listens any more.')),
  )
}

type Tell = (event: TurnEvent) => void

/** A run whose signal tells of a stop as well, whoever says it. */
interface Running extends Run {
  stop(): void
}

async function produce(parts: RunParts, run: Running, tell: Tell): Promise<void> {
  const { store, core } = parts
  const lost = new AbortController()
  const signal = AbortSignal.any([run.signal, lost.signal])
  const letGo = keepLease(parts, run.turn, { stop: run.stop, lose: () => lost.abort(fault('unavailable')) })
  const history = historyOf(parts, run)
  history.catch(() => undefined)
  await core.precedence.giveWay()
  const [agent, brought] = await Promise.all([
    agentOf(parts, run),
    core.brought(run.turn.tenant, run.turn.mark),
  ])
  const caller = agentCaller(run, agent, signal)
  const offered = offeredInTurn(core.registry.operations, brought, caller)
  const onCall: TurnCallsListener = (call) => tell({ type: 'call', call })
  const now = () => accessNow(parts, caller)
  const calls = new TurnCalls({ core, store, turn: run.turn, caller, now, offered, signal, history, onCall })
  const left: LeftBehind[] = []
  const tab = core.usage.openTab(run.turn.purse)
  let text = ''
  let failure: unknown
  // Asking a combined signal costs more than the words that come meanwhile.
  let isOver = signal.aborted
  const over = (): void => void (isOver = true)
  signal.addEventListener('abort', over)
  try {
    for (const call of run.turn.calls) onCall(call)
    await calls.settleBegun()
    const turn = agentTurn(parts, run, { agent, offered, calls, left, tab, signal, history: await history })
    for await (const event of parts.agent.run(turn)) {
      if (isOver) signal.throwIfAborted()
      text = event.type === 'text' ? text + event.delta : event.text
      tell(event)
    }
  } catch (error) {
    failure = error
  } finally {
    // Node keeps a combined signal, and with it all of the turn, for as long as anybody listens to it.
    signal.removeEventListener('abort', over)
    letGo()
    await calls.quiet()
  }
  await conclude(parts, run, { text, calls, left, tab, tell, failure, wasLost: lost.signal.aborted })
}

type TurnCallsListener = ConstructorParameters<typeof TurnCalls>[0]['onCall']

/** What was said before. Of a question that was changed since nothing waits for a yes any more. */
async function historyOf(
  { core, agent }: RunParts,
  { turn, who, requestId }: Run,
): Promise<readonly PastMessage[]> {
  const summedUpTo = agent.summedUpTo?.(turn.tenant, turn.conversation)
  const read = () => historyBefore(core.database, turn, personOf(who.actor) as string, summedUpTo)
  const history = await read()
  const origin = { surface: turn.surface, conversation: turn.conversation, requestId }
  return (await withdrawReplaced(core, history, { ...who, origin })) ? read() : history
}

const onlyAgent: AgentIdentity = {
  id: 'assistant',
  name: 'TekUp',
  rules: { denies: () => false, asks: () => false },
}

/** The conversation's agent; the default one goes on where it is gone or no longer spoken to here. */
async function agentOf({ agent }: RunParts, { turn }: Run): Promise<AgentIdentity> {
  const { tenant, surface, mark } = turn
  const chosen = turn.agent === null ? undefined : await agent.identify?.(tenant, turn.agent, surface, mark)
  return chosen ?? (await agent.identify?.(tenant, null, surface, mark)) ?? onlyAgent
}

/** The agent has the person's own permissions, and no more. */
function agentCaller({ who, turn, requestId }: Run, agent: AgentIdentity, signal: AbortSignal): Caller {
  const personId = personOf(who.actor) as string
  return {
    tenant: who.tenant,
    actor: { kind: 'agent', id: agent.id, name: agent.name, personId },
    rules: agent.rules,
    permissions: who.permissions,
    domains: who.domains,
    locale: turn.locale,
    origin: { surface: turn.surface, conversation: turn.conversation, requestId },
    untrusted: turn.untrusted,
    signal,
  }
}

/** A turn may take a minute: what has been taken from the person or the company meanwhile is not the agent's any more. */
async function accessNow(
  { accessOf }: RunParts,
  { tenant, actor, permissions, domains }: Caller,
): Promise<Present> {
  const now = await accessOf(tenant.id, personOf(actor) as string)
  return {
    permissions: permissions.intersection(now.permissions),
    domains: domains.intersection(now.domains),
  }
}

interface Acting {
  readonly agent: AgentIdentity
  readonly offered: AgentTurn['operations']
  readonly calls: TurnCalls
  readonly left: LeftBehind[]
  readonly tab: TurnTab
  readonly history: AgentTurn['history']
  readonly signal: AbortSignal
}

function agentTurn(
  { core }: RunParts,
  { turn, who }: Run,
  { agent, offered, calls, left, tab, history, signal }: Acting,
): AgentTurn {
  return {
    conversation: turn.conversation,
    isShared: turn.isShared,
    tenant: who.tenant,
    agent,
    person: { id: personOf(who.actor) as string, name: who.actor.name },
    locale: turn.locale,
    text: turn.text,
    message: turn.message,
    reply: turn.id,
    now: core.clock.now(),
    history,
    made: [...calls.records],
    operations: offered,
    call: (operation, input, callId) => calls.call(operation, input, callId),
    keep: (changes) => void left.push(changes),
    answered: () => core.database.expectWrite(),
    tab,
    ...(turn.mark !== undefined && { mark: turn.mark }),
    signal,
  }
}

interface Conclusion {
  readonly text: string
  readonly calls: TurnCalls
  readonly left: readonly LeftBehind[]
  readonly tab: TurnTab
  readonly tell: Tell
  readonly failure: unknown
  readonly wasLost: boolean
}

async function conclude(parts: RunParts, run: Run, conclusion: Conclusion): Promise<void> {
  const { turn } = run
  const { ending, refusal } = endingOf(parts, run, conclusion)
  const ended = parts.store.finish(turn, ending)
  try {
    const isOurs = (await ended) && !conclusion.wasLost
    conclusion.tell(
      isOurs ? lastEvent(turn, ending, refusal) : { type: 'error', fault: fault('unavailable') },
    )
  } finally {
    await keepLeft(parts, run, conclusion)
  }
}

const lastEvent = (
  { conversation, id }: ClaimedTurn,
  { text, calls }: Ending,
  refusal: Fault | undefined,
): TurnEvent =>
  refusal
    ? { type: 'error', fault: refusal }
    : { type: 'reply', conversation, reply: { id, text }, calls, approvals: waitingIn(calls) }

/**
 * What the turn used is settled, and what it left is kept, once the reply is on its way to the person. Never rejects: the
 * reply is kept without it.
 */
async function keepLeft(
  { store, core }: RunParts,
  { turn, who }: Run,
  { left, tab }: Conclusion,
): Promise<void> {
  // The round of the event loop in which a channel sends the reply comes first.
  await nextRound()
  core.usage.remember(turn.tenant, personOf(who.actor) as string, turn.conversation, tab)
  const settlement = tab.settlement()
  try {
    await core.precedence.giveWay()
    const changes = await Promise.all(left.map((changesOf) => changesOf()))
    await store.keepLeft(turn, changes.flat(), settlement)
  } catch (error) {
    core.log.error({ err: error, turn: turn.id }, 'what a turn left could not be kept')
    if (settlement) await core.usage.settle(turn.tenant, settlement)
  }
}

function endingOf(
  { core }: RunParts,
  { turn, signal, requestId }: Run,
  { text, calls, failure }: Conclusion,
) {
  const base = { calls: calls.records, at: core.clock.now() }
  if (failure === undefined) return { ending: { ...base, status: 'done', text } satisfies Ending }
  if (signal.aborted) {
    return {
      ending: { ...base, status: 'stopped', text: joined(text, stopped[turn.locale]) } satisfies Ending,
    }
  }
  const refusal = failure instanceof Fault ? failure : fault('internal', undefined, { cause: failure })
  if (refusal.status >= 500) core.log.error({ err: failure, requestId, turn: turn.id }, 'a turn failed')
  const said = joined(text, refusal.sentence(turn.locale))
  return { ending: { ...base, status: 'failed', code: refusal.code, text: said } satisfies Ending, refusal }
}

const joined = (text: string, more: string): string => (text === '' ? more : `${text}\n\n${more}`)
