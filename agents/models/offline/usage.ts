import type { BaseMessage, UsageMetadata } from '@langchain/core/messages'
import type { Decision } from './planning/decide.ts'

const charactersPerToken = 4

/** Tokens as a model of the usual kind would have counted them, roughly; nothing is paid for them. */
export function estimateUsage(messages: readonly BaseMessage[], decision: Decision): UsageMetadata {
  const read = messages.reduce((sum, message) => sum + message.text.length, 0)
  const written = decision.kind === 'say' ? decision.text.length : JSON.stringify(decision.calls).length
  const [input, output] = [Math.ceil(read / charactersPerToken), Math.ceil(written / charactersPerToken)]
  return { input_tokens: input, output_tokens: output, total_tokens: input + output }
}
