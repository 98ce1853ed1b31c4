import type { Locale } from '#core'
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models'
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import { v7 } from 'uuid'
import type { OfflineBrain } from './brain.ts'
import { decide, type Decision } from './planning/decide.ts'
import type { Mind } from './planning/mind.ts'
import { turnsOf } from './planning/transcript.ts'
import { estimateUsage } from './usage.ts'

export interface OfflineChatModelFields {
  readonly brain: OfflineBrain
  /** The language where a message does not tell. Danish unless said otherwise. */
  readonly locale?: Locale
  readonly now?: () => Date
  /** Who "mig" and "mine" are. */
  readonly person?: { readonly id: string; readonly name?: string; readonly email?: string }
  /** IANA name; Europe/Copenhagen unless said otherwise. */
  readonly timeZone?: string
}

interface OfflineCallOptions extends BaseChatModelCallOptions {
  readonly tools?: readonly string[]
}

/**
 * A chat model that needs no key, no network and no weights: it turns a Danish or English sentence into calls of the
 * tools it was given, asks for what is missing, and answers from their results. It keeps nothing between calls.
 */
export class OfflineChatModel extends BaseChatModel<OfflineCallOptions> {
  readonly #fields: OfflineChatModelFields

  constructor(fields: OfflineChatModelFields) {
    super({})
    this.#fields = fields
  }

  _llmType(): string {
    return 'tekup-offline'
  }

  /** What traces and meters know it by. */
  override getLsParams(options: this['ParsedCallOptions']) {
    return { ...super.getLsParams(options), ls_provider: 'tekup', ls_model_name: 'offline' }
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<OfflineCallOptions>,
  ): ReturnType<NonNullable<BaseChatModel<OfflineCallOptions>['bindTools']>> {
    return this.withConfig({ ...kwargs, tools: tools.map(toolName) } as Partial<OfflineCallOptions>)
  }

  async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    const decision = this.#decide(messages, options)
    const text = decision.kind === 'say' ? decision.text : ''
    const message = new AIMessage({
      content: text,
      tool_calls: toolCalls(decision).map((call) => ({ ...call, type: 'tool_call' as const })),
      // LangChain's own type for this field is narrowed to nothing when no message structure is named.
      usage_metadata: estimateUsage(messages, decision) as never,
    })
    return { generations: [{ text, message }] }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const decision = this.#decide(messages, options)
    for (const chunk of chunksOf(decision)) {
      options.signal?.throwIfAborted()
      yield chunk
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk })
    }
    const usage = new AIMessageChunk({
      content: '',
      usage_metadata: estimateUsage(messages, decision) as never,
    })
    yield new ChatGenerationChunk({ text: '', message: usage })
  }

  #decide(
    messages: readonly BaseMessage[],
    { tools = [] }: { readonly tools?: readonly string[] },
  ): Decision {
    return decide(turnsOf(messages), this.#mind(new Set(tools)))
  }

  #mind(tools: ReadonlySet<string>): Mind {
    const {
      brain,
      locale = 'da',
      now = () => new Date(),
      person,
      timeZone = 'Europe/Copenhagen',
    } = this.#fields
    const offered = (operation: string): boolean => tools.has(brain.skills.get(operation)?.tool ?? '')
    return { brain, offered, locale, surroundings: { now: now(), timeZone }, ...(person && { person }) }
  }
}

function toolName(tool: BindToolsInput): string {
  const described = tool as { name?: string; function?: { name?: string } }
  return described.function?.name ?? described.name ?? ''
}

interface IdentifiedCall {
  readonly id: string
  readonly name: string
  readonly args: Record<string, unknown>
}

/** Ids are new for every call: they are also the keys by which a call is carried out once. */
const toolCalls = (decision: Decision): IdentifiedCall[] =>
  decision.kind === 'calls'
    ? decision.calls.map(({ tool, args }) => ({ id: `call_${v7()}`, name: tool, args: { ...args } }))
    : []

function chunksOf(decision: Decision): ChatGenerationChunk[] {
  if (decision.kind === 'say') {
    const words = decision.text.match(/\s*\S+\s*/g) ?? []
    return words.map(
      (text) => new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text }) }),
    )
  }
  const chunks = toolCalls(decision).map(({ id, name, args }, index) => ({ id, name, args: JSON.stringify(args), index, type: 'tool_call_chunk' as const })) // prettier-ignore
  return [
    new ChatGenerationChunk({
      text: '',
      message: new AIMessageChunk({ content: '', tool_call_chunks: chunks }),
    }),
  ]
}
