import {
  eventsOf,
  type AgentEvent,
  type AgentPort,
  type AgentTurn,
  type BudgetWarning,
  type CallRecord,
} from '#core'
import { claimsDeed, deedsOf } from './claims.ts'
import { accountOf, budgetStop, isAbort, mostCalls, StepLimit, untilAnswered, warningLines } from './turn/index.ts' // prettier-ignore
import { createAnswerers, metered, offlineModel, type Answerer, type Listeners } from './models/index.ts'
import type { AgentDefinition } from './definitions/identify.ts'
import { createBrains } from './learning/brains.ts'
import { keepGist } from './memory/keepGist.ts'
import { createMemory, type Recalled } from './memory/recall.ts'
import { OfflineChatModel, type OfflineBrain } from './models/offline/index.ts'
import { systemPrompt } from './prompts/system.ts'
import type { AgentRunnerParts } from './runner.ts'
import { sentences } from './sentences.ts'
import { createToolSearch, type ToolSearch } from './toolSearch/index.ts'
import { createToolbox } from './tools.ts'
import { emitSpans } from './traces/spans.ts'
import { TraceRecorder } from './traces/recorder.ts'
import { createTraceStore } from './traces/store.ts'
import { transcriptOf } from './transcript.ts'
import type { TurnContext } from './turn/index.ts'
import { Words } from './words.ts'

/** Milliseconds that one turn may take. */
const turnLimit = 60_000

/** The assistant on LangChain's models. */
export async function createAssistant(parts: AgentRunnerParts): Promise<AgentPort> {
  const answerers = createAnswerers(parts)
  const brains = createBrains(parts.core)
  const memory = createMemory(parts.core.database)
  const search = createToolSearch(parts.core.registry, brains.common)
  const toolsFor = createToolbox(parts.core.registry)
  const changesForTrace = createTraceStore(parts.core.database)
  const afterTurn = (turn: AgentTurn, { recalled, vendor: spoken, fellBack }: TurnContext): void => {
    const model = () => (fellBack ? undefined : spoken?.forAccount(accountOf(turn, 'summary')))
    const work = keepGist({ core: parts.core, turn, gist: recalled.gist, model })
      .then((gist) => gist && memory.know(turn.tenant.id, turn.conversation, gist))
      .catch((error: unknown) =>
        parts.core.log.error({ err: error }, 'a conversation could not be summed up'),
      )
    parts.core.afterwards.add(work)
  }
  const answer = async (given: AgentTurn, tell: Tell): Promise<void> => {
    const limit = AbortSignal.timeout(turnLimit)
    const recorder = new TraceRecorder(new Set([...given.history.map(({ id }) => id), given.message]))
    const records = recording(given, AbortSignal.any([given.signal, limit]), recorder)
    const [recalled, chosen] = await Promise.all([
      memory.recall(given),
      answerers.of(given.tenant.id, modelOf(given), given.mark),
    ])
    const brain = await brains.of(given.tenant.id, recalled.phrases)
    const words = new Words(tell)
    await parts.core.precedence.giveWay()
    const context = contextOf(records.turn, recalled, { brain, search, words }, chosen, parts)
    let status: 'done' | 'failed' | 'stopped' = 'done'
    try {
      const opening = transcriptOf(context.turn, recalled.gist)
      await untilAnswered({ context, tools: toolsFor(given), recorder }, opening)
      words.sayWhereLeft(context)
      await parts.core.usage.settled(context.account)
      if (context.cutShort) words.add(sentences[given.locale].cutShort)
      words.add(honestLine(context, words.text, records.calls))
      for (const line of warningLines(context)) words.add(line)
    } catch (error) {
      status = given.signal.aborted ? 'stopped' : 'failed'
      words.add(endedBy(error, { given, context, limit }, parts))
    } finally {
      await parts.core.usage.settled(context.account)
      const isReplyKept = status === 'done' && words.isAll
      const left = { turn: given, recorder, calls: records.calls, reply: words.text, isReplyKept, status }
      emitSpans(left)
      given.keep(() => changesForTrace(left))
    }
    afterTurn(given, context)
  }
  return {
    summedUpTo: memory.summedUpTo,
    run: (given) => eventsOf((tell: Tell) => answer(given, tell)),
  }
}

type Tell = (event: AgentEvent) => void

/** The model that the turn's agent is asked with, where an admin has named one. */
const modelOf = ({ agent }: AgentTurn): string | undefined =>
  (agent as Partial<AgentDefinition>).modelId ?? undefined

/** The turn under its time limit, and what it called. */
function recording(given: AgentTurn, signal: AbortSignal, recorder: TraceRecorder) {
  const calls = [...given.made]
  const call: AgentTurn['call'] = async (operation, input, id) => {
    signal.throwIfAborted()
    const record = await recorder.timed(() => given.call(operation, input, id))
    calls.push(record)
    return record
  }
  return { turn: { ...given, call, signal }, calls }
}

function contextOf(
  turn: AgentTurn,
  recalled: Recalled,
  { brain, search, words }: { brain: OfflineBrain; search: ToolSearch; words: Words },
  open: readonly Answerer[],
  { core }: AgentRunnerParts,
): TurnContext {
  const { locale, person, now } = turn
  const account = accountOf(turn, 'turn')
  const warnings: BudgetWarning[] = []
  const listeners: Listeners = {
    warn: (warning) => void warnings.push(warning),
    hear: (answer, piece) => words.hear(answer, piece, context),
    hearEnd: () => turn.answered(),
  }
  const offline = new OfflineChatModel({ brain, locale, person, now: () => now })
  const answerers = open.map((answerer) => ({ ...answerer, model: answerer.forAccount(account, listeners) }))
  const context: TurnContext = {
    turn,
    account,
    recalled,
    systemPrompt: systemPrompt(turn, recalled),
    offline: metered(core.usage, offlineModel, offline)(account, listeners),
    giveWay: core.precedence.giveWay,
    warnings,
    search,
    fellBack: false,
    leftMidway: false,
    steps: 0,
    askedCalls: 0,
    madeCalls: 0,
    cutShort: false,
    answerers,
    ...(answerers[0] && { vendor: answerers[0] }),
    failed: [],
    takenBack: new Set(),
    onFailure: ({ id }, reason) =>
      core.log.warn({ tenant: turn.tenant.id, model: id, reason: String(reason) }, 'a model did not answer'),
  }
  return context
}

/** What has to be added for the answer to be true: a model's word that something was done is checked against the calls. */
function honestLine({ turn, askedCalls }: TurnContext, text: string, calls: readonly CallRecord[]) {
  const words = sentences[turn.locale]
  if (askedCalls > mostCalls) return words.tooManyCalls(mostCalls)
  if (!claimsDeed(text)) return ''
  const deeds = deedsOf(calls, turn.operations)
  if (!deeds.some) return words.nothingChanged
  return deeds.refused ? words.notAllDone : ''
}

/** How a turn that reached a limit ends; everything else is not for the assistant to explain. */
function endedBy(
  error: unknown,
  { given, context, limit }: { given: AgentTurn; context: TurnContext; limit: AbortSignal },
  { core }: AgentRunnerParts,
): string {
  const words = sentences[given.locale]
  if (given.signal.aborted) throw error
  const stop = budgetStop(error)
  if (stop) throw stop
  if (limit.aborted || isAbort(error)) return words.tooLong
  if (!(error instanceof StepLimit)) throw error
  core.log.warn({ err: error }, 'a turn reached its limit of steps')
  return context.askedCalls > mostCalls ? words.tooManyCalls(mostCalls) : words.tooManySteps
}
