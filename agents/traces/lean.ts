import { oncePer, type AgentTurn, type AnyOperation, type CallRecord } from '#core'
import { keptText, keptTextOf, type KeptText } from './keptText.ts'
import type { TraceRecorder } from './recorder.ts'
import { scrubbed } from './scrub.ts'
import type { ToldRange } from './told.ts'
import type { Step } from './trace.ts'

/** A finished turn as its trace is made from it. */
export interface TracedTurn {
  readonly turn: AgentTurn
  readonly recorder: TraceRecorder
  readonly calls: readonly CallRecord[]
  readonly reply: string
  /** The conversation keeps just this reply, with just these calls, and nobody goes on with the turn. */
  readonly isReplyKept: boolean
  readonly status: 'done' | 'failed' | 'stopped'
  readonly replayOf?: string
}

/**
 * What a trace keeps of a turn by itself, as `whole.ts` reads it again: nothing of what the conversation keeps anyway,
 * unless it holds what a trace may not show. Shapes may gain fields; none that has been written may change its meaning.
 */
export interface LeanTrace {
  readonly reply?: string
  /** The calls, where they do not stand with the reply. */
  readonly made?: readonly object[]
  /** When the calls that stand with the reply were made, in their order: milliseconds after the beginning, and taken. */
  readonly times?: readonly (readonly [atMs: number, totalMs: number] | null)[]
  /** Hash of the list of tools that the person could have been offered, a name a line. */
  readonly tools?: string
  readonly steps: readonly LeanStep[]
}

/** A step without what is usual; its provider and model stand with the trace. */
export interface LeanStep extends Pick<Step, 'atMs' | 'totalMs' | 'inputTokens' | 'outputTokens'> {
  readonly told: readonly LeanTold[]
  /** Each by its place in the list of tools, or by its name. Absent: those of the step before. */
  readonly tools?: readonly (number | string)[]
  /** Absent: the reply. */
  readonly answer?: string
  /** Each by its place among the calls of the turn, or by its id. */
  readonly calls?: readonly (number | string)[]
  readonly firstTokenMs?: number
  readonly error?: string
}

export type LeanTold =
  /** A prompt by its hash; `time` is where in it the time of the turn's beginning stands. */
  | { readonly prompt: string; readonly time?: number }
  /** Messages of the conversation; up to the turn's own where no last one is named. */
  | { readonly from: string; readonly to?: string }
  | {
      readonly role: Step['told'][number]['role']
      readonly text?: string
      /** Hash of the text, where that is kept once for its conversation. */
      readonly kept?: string
      readonly calls?: LeanStep['calls']
    }

/** The trace, the texts that it names by their hash, and its message where it may not be shown as it was written. */
export function leanTrace(traced: TracedTurn) {
  const { turn, calls, reply, isReplyKept, recorder } = traced
  const isPlain = isReplyKept && isKeptAsIs(reply)
  const texts: KeptText[] = []
  const trace: LeanTrace = {
    ...(!isPlain && { reply: scrubbed(reply) }),
    ...leanCalls(traced),
    ...leanSteps(recorder.steps, { turn, calls, texts, reply: isPlain ? reply : undefined }),
  }
  return { trace, texts, message: isKeptAsIs(turn.text) ? null : scrubbed(turn.text) }
}

const isKeptAsIs = (text: string): boolean => scrubbed(text) === text

/** Inputs and results hold no marked secret: such operations are not offered; what people pasted is taken out here. */
function leanCalls({ calls, recorder, isReplyKept }: TracedTurn): Pick<LeanTrace, 'made' | 'times'> {
  if (calls.length === 0) return {}
  const timed = calls.map((call) => ({ ...call, ...recorder.timeOf(call.id) }))
  if (!isReplyKept || !isKeptAsIs(JSON.stringify(calls)))
    return { made: JSON.parse(scrubbed(JSON.stringify(timed))) as object[] }
  return {
    times: timed.map(({ atMs, totalMs }) => (totalMs === undefined ? null : [atMs as number, totalMs])),
  }
}

interface Around {
  readonly turn: AgentTurn
  readonly calls: readonly CallRecord[]
  /** Gathers what the steps name by its hash. */
  readonly texts: KeptText[]
  /** The reply that need not be told again. */
  readonly reply: string | undefined
}

function leanSteps(steps: readonly Step[], around: Around): Pick<LeanTrace, 'tools' | 'steps'> {
  const { list, places } = toolsOf(around.turn.operations)
  const placed = (tools: readonly string[]) => tools.map((name) => places.get(name) ?? name)
  const lean = steps.map((step, index) => ({
    ...leanStep(step, around),
    ...(step.tools.join() !== steps[index - 1]?.tools.join() && { tools: placed(step.tools) }),
  }))
  if (!lean.some(({ tools }) => tools?.some((tool) => typeof tool === 'number'))) return { steps: lean }
  around.texts.push(list)
  return { tools: list.hash, steps: lean }
}

function leanStep(step: Step, around: Around): LeanStep {
  const { told, answer, calls, firstTokenMs, error, atMs, totalMs, inputTokens, outputTokens } = step
  return {
    told: told.map((one) => leanTold(one, around)),
    ...(answer !== around.reply && { answer }),
    ...leanIds(calls, around),
    ...(firstTokenMs !== null && { firstTokenMs }),
    ...(error !== null && { error }),
    atMs,
    totalMs,
    inputTokens,
    outputTokens,
  }
}

function leanTold(told: Step['told'][number] | ToldRange, around: Around): LeanTold {
  if ('from' in told) return { from: told.from, ...(told.to !== around.turn.message && { to: told.to }) }
  const { role, text, calls } = told
  if (role === 'system') return leanPrompt(text, around)
  if (role === 'person' && text.length > longText)
    return { role, kept: keptFor(text, around), ...leanIds(calls, around) }
  return { role, ...(text !== '' && { text }), ...leanIds(calls, around) }
}

/** Characters from which what a person said is kept once: told again, it is mostly what is left of an older part. */
const longText = 300

function keptFor(text: string, { turn, texts }: Around): string {
  const kept = keptTextOf(turn.conversation, text)
  texts.push(kept)
  return kept.hash
}

/** A prompt tells the time; without it, it is the same from turn to turn. */
function leanPrompt(prompt: string, { turn, texts }: Around): LeanTold {
  const now = turn.now.toISOString()
  const time = prompt.indexOf(now)
  const text = keptText(time < 0 ? prompt : prompt.slice(0, time) + prompt.slice(time + now.length))
  texts.push(text)
  return { prompt: text.hash, ...(time >= 0 && { time }) }
}

function leanIds(ids: readonly string[], { calls }: Around): Pick<LeanStep, 'calls'> {
  if (ids.length === 0) return {}
  return { calls: ids.map((id) => placeOf(id, calls) ?? id) }
}

function placeOf(id: string, calls: readonly CallRecord[]): number | undefined {
  const place = calls.findIndex((call) => call.id === id)
  return place < 0 ? undefined : place
}

/** Turns of people who may do the same have one list of operations. */
const toolsOf = oncePer((operations: readonly AnyOperation[]) => ({
  list: keptText(operations.map(({ tool }) => tool).join('\n')),
  places: new Map(operations.map(({ tool }, place) => [tool, place])),
}))
