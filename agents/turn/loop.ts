import type { BaseCallbackHandler } from '@langchain/core/callbacks/base'
import type { AIMessage, BaseMessage, ToolMessage } from '@langchain/core/messages'
import type { ToolCall } from '@langchain/core/messages/tool'
import type { StructuredTool } from '@langchain/core/tools'
import { answerCheck } from './answer.ts'
import { breath } from './breath.ts'
import type { TurnContext } from './context.ts'
import { modelChain } from './fallback.ts'
import { layered, type AskModel } from './layer.ts'
import { offer } from './offer.ts'
import { prompt } from './prompt.ts'
import { retry } from './retry.ts'
import { steps } from './steps.ts'
import { refusedCall } from './toolCalls.ts'

/** The outermost first. */
const layers = [breath, steps, prompt, modelChain, offer, breath, retry, answerCheck]

interface Loop {
  readonly context: TurnContext
  /** What can be called, be it offered or not. */
  readonly tools: readonly StructuredTool[]
  /** Hears of every question and its answer. */
  readonly recorder: BaseCallbackHandler
}

/**
 * Asks the models of a turn, makes the calls that they ask for and asks again with the results, until an answer calls
 * nothing more. Calls that are asked for together are begun together, in their order.
 */
export async function untilAnswered(loop: Loop, opening: readonly BaseMessage[]): Promise<void> {
  const { context, tools } = loop
  const ask = layered(layers, sendBy(loop))
  const messages = [...opening]
  for (;;) {
    const answer = await ask({ context, model: context.offline, messages, tools })
    const calls = answer.tool_calls ?? []
    if (calls.length === 0) return
    const results = await Promise.all(calls.map((call) => resultOf(call, loop)))
    messages.push(answer, ...results)
  }
}

const sendBy =
  ({ recorder }: Loop): AskModel =>
  async ({ context, model, system, messages, tools }) => {
    // Some vendors refuse a question with an empty list of tools.
    const asked = tools.length === 0 ? model : model.bindTools!([...tools])
    const told = system ? [system, ...messages] : [...messages]
    return (await asked.invoke(told, { signal: context.turn.signal, callbacks: [recorder] })) as AIMessage
  }

async function resultOf(call: ToolCall, { context, tools }: Loop): Promise<ToolMessage> {
  context.turn.signal.throwIfAborted()
  const tool = tools.find(({ name }) => name === call.name)
  return refusedCall(call, tool, context) ?? (await tool!.invoke(call, { context } as never))
}
