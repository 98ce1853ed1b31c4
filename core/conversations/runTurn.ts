import type { Core } from '../core.ts'
import { Fault, fault } from '../errors.ts'
import { personOf } from '../operations/context.ts'
import type { Caller } from '../operations/caller.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import type { AgentIdentity, AgentPort, AgentTurn, LeftBeside } from './agentPort.ts'
import type { AccessOf } from '../identity/presentAccess.ts'
import { TurnCalls, type Present } from './calls.ts'
import { eventsOf } from './eventQueue.ts'
import { historyBefore } from './history.ts'
import { offeredInTurn } from './offered.ts'
import { stopped } from './sentences.ts'
import { waitingIn, type TurnEvent } from './turn.ts'
import type { TurnTab } from '../usage/tab.ts'
import { leaseSeconds, type ClaimedTurn, type Ending, type TurnStore } from './turnStore.ts'

interface RunParts {
  readonly core: Core
  readonly store: TurnStore
  readonly agent: AgentPort
  readonly accessOf: AccessOf
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
  return eventsOf(
    (tell) =>
      produce(parts, { ...run, signal, stop: () => leaving.abort(new Error('The person said stop.')) }, tell),
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
  const heartbeat = keepLease(parts, run, lost)
  const history = historyBefore(core.database, run.turn, personOf(run.who.actor) as string)
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
  const calls = new TurnCalls({ core, store, turn: run.turn, caller, now, offered, signal, onCall })
  const left: LeftBeside[] = []
  const tab = core.usage.openTab(run.turn.purse)
  let text = ''
  let failure: unknown
  // Asking a combined signal costs more than the words that come meanwhile.
  let isOver = signal.aborted
  signal.addEventListener('abort', () => (isOver = true), { once: true })
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
    clearInterval(heartbeat)
    await calls.quiet()
  }
  await conclude(parts, run, { text, calls, left, tab, tell, failure, wasLost: lost.signal.aborted })
}

type TurnCallsListener = ConstructorParameters<typeof TurnCalls>[0]['onCall']

/** A lease that another run has taken ends this one: it can write nothing more. */
function keepLease(
  { store, core }: RunParts,
  { turn, stop }: Running,
  lost: AbortController,
): NodeJS.Timeout {
  const renew = async (): Promise<void> => {
    const lease = await store.keep(turn).catch((error: unknown) => {
      core.log.warn({ err: error, turn: turn.id }, 'the lease of a turn could not be renewed')
      return 'kept' as const
    })
    if (lease === 'lost') lost.abort(fault('unavailable'))
    if (lease === 'stopped') stop()
  }
  return setInterval(() => void renew(), (leaseSeconds * 1000) / 4)
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
  readonly left: LeftBeside[]
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
    reply: turn.reply,
    now: core.clock.now(),
    history,
    made: [...calls.records],
    operations: offered,
    call: (operation, input, callId) => calls.call(operation, input, callId),
    keep: (beside) => void left.push(beside),
    tab,
    ...(turn.mark !== undefined && { mark: turn.mark }),
    signal,
  }
}

interface Conclusion {
  readonly text: string
  readonly calls: TurnCalls
  readonly left: readonly LeftBeside[]
  readonly tab: TurnTab
  readonly tell: Tell
  readonly failure: unknown
  readonly wasLost: boolean
}

async function conclude(parts: RunParts, run: Run, conclusion: Conclusion): Promise<void> {
  const { turn } = run
  await parts.core.precedence.giveWay()
  const { ending, refusal } = endingOf(parts, run, conclusion)
  const ended = finish(parts, run, ending, conclusion)
  const [isOurs] = await Promise.all([ended, keepBeside(parts, run, conclusion)])
  if (!isOurs || conclusion.wasLost) return conclusion.tell({ type: 'error', fault: fault('unavailable') })
  if (refusal) return conclusion.tell({ type: 'error', fault: refusal })
  const { text, calls } = ending
  conclusion.tell({
    type: 'reply',
    conversation: turn.conversation,
    reply: { id: turn.reply, text },
    calls,
    approvals: waitingIn(calls),
  })
}

/** What cannot be settled does not keep the reply from the person. */
async function finish({ store, core }: RunParts, { turn, who }: Run, ending: Ending, { tab }: Conclusion) {
  core.usage.remember(turn.tenant, personOf(who.actor) as string, tab)
  try {
    return await store.finish(turn, ending, tab.settlement())
  } catch (error) {
    core.log.error({ err: error, turn: turn.id }, 'what the models of a turn used could not be settled')
    return store.finish(turn, ending)
  }
}

/** In a later turn of the event loop than the end, which is on its way by then. Never rejects: the reply is kept without it. */
async function keepBeside({ store, core }: RunParts, { turn }: Run, { left }: Conclusion): Promise<void> {
  try {
    await core.precedence.giveWay()
    const changes = await Promise.all(left.map((changesOf) => changesOf()))
    await store.keepBeside(turn, changes.flat())
  } catch (error) {
    core.log.error({ err: error, turn: turn.id }, 'what a turn left could not be kept')
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
