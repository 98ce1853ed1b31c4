import type { AIMessage, BaseMessage, UsageMetadata } from '@langchain/core/messages'
import type { ModelUse } from '#core'
import { messageBytes, tokensOf } from './estimate.ts'
import { textOf } from './textOf.ts'

/** What one call of a model uses, gathered from its answer as it comes. */
export class UsedTokens {
  readonly #promptBytes: number
  readonly #begun = performance.now()
  #answerBytes = 0
  #reported: UsageMetadata | undefined
  #isComplete = false
  #error: unknown

  constructor(promptBytes: number) {
    this.#promptBytes = promptBytes
  }

  /** A piece of the answer. Counts of pieces add up; details of them are each the whole so far. */
  add(message: BaseMessage): void {
    this.#answerBytes += pieceBytes(message)
    const usage = (message as AIMessage).usage_metadata
    if (usage) this.#reported = this.#reported ? joined(this.#reported, usage) : usage
  }

  /** Words that were told and that no piece held. */
  addWords(words: string): void {
    this.#answerBytes += Buffer.byteLength(words)
  }

  complete(): void {
    this.#isComplete = true
  }

  /** A vendor that refuses, or that was never reached, is paid nothing. */
  brokeOff(error: unknown): void {
    this.#error = error
  }

  sum(): ModelUse {
    const milliseconds = performance.now() - this.#begun
    if (this.#answerBytes === 0 && wasNeverMade(this.#error)) return { ...nothing, milliseconds }
    const reported = this.#reported && fromVendor(this.#reported)
    if (this.#isComplete && reported && reported.inputTokens > 0)
      return { ...reported, milliseconds, measured: 'reported' }
    const { cachedTokens, reasoningTokens, ...counted } = reported ?? nothing
    return {
      inputTokens: Math.max(counted.inputTokens, tokensOf(this.#promptBytes, 'likely')),
      cachedTokens,
      outputTokens: Math.max(counted.outputTokens, tokensOf(this.#answerBytes, 'likely')),
      reasoningTokens,
      milliseconds,
      measured: 'estimated',
    }
  }
}

const nothing = {
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  measured: 'reported',
} as const

/** Some vendors leave reasoning out of the output and count it in the total only. */
const fromVendor = ({ input_tokens, output_tokens, total_tokens, ...details }: UsageMetadata) => ({
  inputTokens: input_tokens,
  cachedTokens: details.input_token_details?.cache_read ?? 0,
  outputTokens: Math.max(output_tokens, total_tokens - input_tokens),
  reasoningTokens:
    details.output_token_details?.reasoning ?? Math.max(0, total_tokens - input_tokens - output_tokens),
})

const joined = (before: UsageMetadata, more: UsageMetadata): UsageMetadata => ({
  input_tokens: before.input_tokens + more.input_tokens,
  output_tokens: before.output_tokens + more.output_tokens,
  total_tokens: before.total_tokens + more.total_tokens,
  input_token_details: { ...before.input_token_details, ...more.input_token_details },
  output_token_details: { ...before.output_token_details, ...more.output_token_details },
})

/** A streamed call comes as pieces of JSON, a whole one as a value. */
function pieceBytes(message: BaseMessage): number {
  const { tool_call_chunks: pieces } = message as {
    tool_call_chunks?: readonly { args?: string; name?: string }[]
  }
  if (!pieces) return messageBytes(message)
  const called = pieces.reduce(
    (sum, { name = '', args = '' }) => sum + name.length + Buffer.byteLength(args),
    0,
  )
  return Buffer.byteLength(textOf(message)) + called
}

const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

function wasNeverMade(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { status, code, cause } = error as { status?: unknown; code?: unknown; cause?: unknown }
  return (typeof status === 'number' && status >= 400) || unreachable.has(String(code)) || wasNeverMade(cause)
}
