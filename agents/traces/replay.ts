import { isDeepStrictEqual } from 'node:util'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import {
  AIMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type BaseMessage,
} from '@langchain/core/messages'
import type { AnyOperation, Catalogue, Locale } from '#core'
import { OperationTool } from '../tools.ts'
import { TraceRecorder } from './recorder.ts'
import type { Step, TraceBody } from './trace.ts'

/** Questions that one replay asks the model. */
const mostSteps = 8

export interface ReplayParts {
  readonly trace: TraceBody & { readonly locale: Locale }
  readonly model: BaseChatModel
  /** Said instead of what the turn's own prompt was. */
  readonly prompt: string | undefined
  readonly operations: Catalogue
  readonly signal: AbortSignal
}

export interface Replayed {
  readonly reply: string
  readonly calls: readonly ReplayedCall[]
  readonly steps: readonly Step[]
}

interface ReplayedCall {
  readonly operation: string
  readonly input: unknown
  /** Whether the turn had made the very same call, so that its result could be told again. */
  readonly recorded: boolean
}

/**
 * Asks a turn's message again. Nothing is called: what the turn had called is answered with what it answered then, and
 * anything else is told to be unknown, so a replay changes nothing, whatever its model wants.
 */
export async function replay({ trace, model, prompt, operations, signal }: ReplayParts): Promise<Replayed> {
  const recorder = new TraceRecorder()
  const asked = model.bindTools!(toolsOf(trace, operations))
  const messages = openingOf(trace, prompt)
  const calls: ReplayedCall[] = []
  let reply = ''
  for (let step = 0; step < mostSteps; step++) {
    const answer = await asked.invoke(messages, { signal, callbacks: [recorder] })
    const wanted = (answer as AIMessage).tool_calls ?? []
    reply = answer.text
    if (wanted.length === 0) break
    messages.push(answer)
    for (const { id = '', name, args } of wanted) {
      const operation = name.replaceAll('_', '.')
      const made = trace.made.find(
        (each) => each.operation === operation && isDeepStrictEqual(each.input, args),
      )
      calls.push({ operation, input: args, recorded: made !== undefined })
      messages.push(new ToolMessage({ tool_call_id: id, name, content: JSON.stringify(resultOf(made)) }))
    }
  }
  return { reply, calls, steps: recorder.steps }
}

/** What was said up to the message; results of earlier turns are not kept with a trace, so those calls are left out. */
function openingOf({ steps, message }: TraceBody, prompt: string | undefined): BaseMessage[] {
  const told = steps[0]?.told ?? [{ role: 'person' as const, text: message, calls: [] }]
  return told.flatMap(({ role, text }): BaseMessage[] => {
    if (role === 'system') return [new SystemMessage(prompt ?? text)]
    if (role === 'tool' || text === '') return []
    return [role === 'person' ? new HumanMessage(text) : new AIMessage(text)]
  })
}

function toolsOf({ steps, locale }: ReplayParts['trace'], { find, words }: Catalogue): OperationTool[] {
  const names = [...new Set(steps.flatMap(({ tools }) => tools))]
  const operations = names
    .map((name) => find(name.replaceAll('_', '.')))
    .filter((each): each is AnyOperation => each !== undefined)
  return operations.map((operation) => new OperationTool(operation, words(operation, locale)))
}

const resultOf = (made: TraceBody['made'][number] | undefined): unknown => {
  if (!made)
    return {
      error: { code: 'not_recorded', message: 'This is a replay: that call was not made in the turn.' },
    }
  return made.status === 'done' ? (made.output ?? null) : { error: made.error }
}
