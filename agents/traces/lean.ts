import { createHash } from 'node:crypto'
import type { AgentTurn, CallRecord } from '#core'
import type { TraceRecorder } from './recorder.ts'
import { scrubbed } from './scrub.ts'
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

/** A prompt that many turns begin with. */
export interface KeptPrompt {
  readonly hash: string
  readonly text: string
}

/**
 * What a trace keeps of a turn by itself, as the functions of `migrations/012_lean_traces.sql` read it again: nothing of
 * what the conversation keeps anyway, unless it holds what a trace may not show.
 */
export function leanBody({ turn, recorder, calls, reply, isReplyKept }: TracedTurn) {
  const { steps, prompts } = leanSteps(recorder.steps, isKeptAsIs(reply) && isReplyKept ? reply : undefined)
  const body = {
    messageId: turn.message,
    replyId: turn.reply,
    ...(!isKeptAsIs(turn.text) && { message: scrubbed(turn.text) }),
    ...(!(isReplyKept && isKeptAsIs(reply)) && { reply: scrubbed(reply) }),
    ...leanCalls(calls, recorder, isReplyKept),
    steps,
  }
  return { body, prompts }
}

const isKeptAsIs = (text: string): boolean => scrubbed(text) === text

/** Inputs and results hold no marked secret: such operations are not offered; what people pasted is taken out here. */
function leanCalls(calls: readonly CallRecord[], recorder: TraceRecorder, isReplyKept: boolean): object {
  const times = Object.fromEntries(calls.map(({ id }) => [id, recorder.timeOf(id)]))
  if (isReplyKept && isKeptAsIs(JSON.stringify(calls))) return calls.length === 0 ? {} : { times }
  return { made: JSON.parse(scrubbed(JSON.stringify(calls.map((call) => ({ ...call, ...times[call.id] }))))) }
}

function leanSteps(steps: readonly Step[], reply: string | undefined) {
  const prompts: KeptPrompt[] = []
  let offered = ''
  const lean = steps.map(({ tools, answer, told, ...step }) => {
    const isSame = tools.join() === offered
    offered = tools.join()
    return {
      ...step,
      told: told.map((one) => leanTold(one, prompts)),
      ...((!isSame || tools.length === 0) && { tools }),
      ...(answer !== reply && { answer }),
    }
  })
  return { steps: lean, prompts }
}

/** The last line of a prompt tells the time; what stands before it is the same from turn to turn. */
function leanTold(told: Step['told'][number], prompts: KeptPrompt[]): object {
  const end = told.text.lastIndexOf('\n')
  if (told.role !== 'system' || end < 0) return told
  const text = told.text.slice(0, end)
  const hash = createHash('sha256').update(text).digest('hex')
  prompts.push({ hash, text })
  return { ...told, prompt: hash, text: told.text.slice(end) }
}
