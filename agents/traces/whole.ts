import type { LeanStep, LeanTold, LeanTrace } from './lean.ts'
import type { Step, TraceBody } from './trace.ts'

type Told = Step['told'][number]
type Call = TraceBody['made'][number]

/** What stands with a trace, and with its conversation, as far as the trace names it. */
export interface Beside {
  readonly startedAt: string
  /** `provider/model` of each step. */
  readonly models: readonly string[]
  readonly messageId: string
  readonly reply: string | null
  readonly replyCalls: readonly Call[] | null
  /** The texts that are kept once, by their hash. */
  readonly texts: Readonly<Record<string, string>>
  /** The messages of the ranges that were told, oldest first. */
  readonly messages: readonly Said[]
}

interface Said {
  readonly id: string
  readonly role: 'person' | 'agent'
  readonly text: string
}

/** A trace as it was, with all that it keeps by reference; what is gone from there is left out. */
export function wholeTrace(trace: LeanTrace, beside: Beside): Omit<TraceBody, 'message'> {
  const { models } = beside
  const made = trace.made ? (trace.made as Call[]) : timed(beside.replyCalls ?? [], trace.times ?? [])
  const reply = trace.reply ?? beside.reply ?? ''
  const names = trace.tools === undefined ? [] : (beside.texts[trace.tools] ?? '').split('\n')
  let tools: string[] = []
  const steps = trace.steps.map((step, index): Step => {
    if (step.tools)
      tools = step.tools.flatMap((tool) => (typeof tool === 'string' ? tool : (names[tool] ?? [])))
    return {
      ...providerAndModel(models[index]),
      told: step.told.flatMap((one) => wholeTold(one, made, beside)),
      tools,
      answer: step.answer ?? reply,
      calls: idsOf(step.calls, made),
      inputTokens: step.inputTokens,
      outputTokens: step.outputTokens,
      atMs: step.atMs,
      firstTokenMs: step.firstTokenMs ?? null,
      totalMs: step.totalMs,
      error: step.error ?? null,
    }
  })
  return { reply, steps, made }
}

const timed = (calls: readonly Call[], times: NonNullable<LeanTrace['times']>): Call[] =>
  calls.map((call, place) => {
    const time = times[place]
    return time ? { ...call, atMs: time[0], totalMs: time[1] } : call
  })

/** No provider's name holds a slash; names of models do. */
function providerAndModel(name = 'unknown/unknown'): Pick<Step, 'provider' | 'model'> {
  const slash = name.indexOf('/')
  return { provider: name.slice(0, slash), model: name.slice(slash + 1) }
}

function wholeTold(told: LeanTold, made: readonly Call[], beside: Beside): Told[] {
  if ('prompt' in told) return [{ role: 'system', text: promptOf(told, beside), calls: [] }]
  if ('from' in told) return rangeOf(told, beside)
  const text = told.kept === undefined ? (told.text ?? '') : (beside.texts[told.kept] ?? '')
  return [{ role: told.role, text, calls: idsOf(told.calls, made) }]
}

function promptOf(
  { prompt, time }: { readonly prompt: string; readonly time?: number },
  { texts, startedAt }: Beside,
): string {
  const text = texts[prompt] ?? ''
  if (time === undefined) return text
  return text.slice(0, time) + new Date(startedAt).toISOString() + text.slice(time)
}

/** UUIDs of version 7 are in order of time, also as text. */
function rangeOf(
  { from, to }: { readonly from: string; readonly to?: string },
  { messages, messageId }: Beside,
): Told[] {
  const last = to ?? messageId
  return messages
    .filter(({ id }) => id >= from && id <= last)
    .map(({ role, text }) => ({ role, text, calls: [] }))
}

const idsOf = (calls: LeanStep['calls'] = [], made: readonly Call[]): string[] =>
  calls.flatMap((call) => (typeof call === 'string' ? call : (made[call]?.id ?? [])))
