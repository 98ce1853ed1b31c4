import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages'

/** What came back from a tool: its output, or the error told in words. */
export type Outcome =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string }

export interface Step {
  readonly id: string
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
  readonly outcome?: Outcome
}

/** One message of a person and all that followed it: calls with their results, and the answer. */
export interface Turn {
  readonly text: string
  readonly steps: readonly Step[]
  readonly reply?: string
}

/** The conversation as turns; words before the first message of a person are left out. */
export function turnsOf(messages: readonly BaseMessage[]): Turn[] {
  const outcomes = outcomesById(messages)
  const turns: { text: string; steps: Step[]; reply?: string }[] = []
  for (const message of messages) {
    const turn = turns.at(-1)
    if (HumanMessage.isInstance(message)) turns.push({ text: message.text, steps: [] })
    else if (turn && AIMessage.isInstance(message)) {
      turn.steps.push(...stepsOf(message, outcomes))
      if (message.text) turn.reply = message.text
    }
  }
  return turns
}

function stepsOf(message: AIMessage, outcomes: ReadonlyMap<string, Outcome>): Step[] {
  return (message.tool_calls ?? []).map(({ id = '', name, args }) => {
    const outcome = outcomes.get(id)
    return { id, tool: name, args, ...(outcome && { outcome }) }
  })
}

function outcomesById(messages: readonly BaseMessage[]): Map<string, Outcome> {
  const tools = messages.filter((message) => ToolMessage.isInstance(message))
  return new Map(tools.map((message) => [message.tool_call_id, outcomeOf(message)]))
}

/** The artifact holds the whole output where a runner had to cut the content. */
function outcomeOf(message: ToolMessage): Outcome {
  const content = parsed(message.text)
  const told = errorIn(content)
  if (message.status === 'error' || told)
    return { ok: false, code: told?.code ?? 'failed', message: told?.message ?? message.text }
  const artifact: unknown = message.artifact
  return { ok: true, output: artifact !== undefined && artifact !== null ? artifact : content }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function errorIn(content: unknown): { code?: string; message?: string } | undefined {
  const error = isObject(content) ? content['error'] : undefined
  return isObject(error) && typeof error['message'] === 'string' ? error : undefined
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
