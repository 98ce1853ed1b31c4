import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models'
import { AIMessageChunk, ToolMessage, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import { convertToOpenAITool } from '@langchain/core/utils/function_calling'

interface InstantOptions extends BaseChatModelCallOptions {
  readonly tools?: readonly object[]
}

/** What the model is to do in every turn: call one tool, then say some words. */
export interface InstantScript {
  readonly tool: string
  readonly input: object
  /** The pieces in which the answer is streamed. */
  readonly words: readonly string[]
}

/** What a model was asked with. */
export interface Asked {
  readonly messages: readonly BaseMessage[]
  readonly tools: readonly object[]
}

/** A chat model that needs no time to think: it streams its script, and takes tools as OpenAI's client does. */
export class InstantChatModel extends BaseChatModel<InstantOptions> {
  readonly #script: InstantScript
  /** The last question that opened a turn. */
  asked: Asked | undefined

  constructor(script: InstantScript) {
    super({})
    this.#script = script
  }

  _llmType(): string {
    return 'instant'
  }

  override getLsParams(options: this['ParsedCallOptions']) {
    return { ...super.getLsParams(options), ls_provider: 'openai', ls_model_name: 'instant' }
  }

  override bindTools(tools: BindToolsInput[], kwargs?: Partial<InstantOptions>) {
    return this.withConfig({
      ...kwargs,
      tools: tools.map((tool) => convertToOpenAITool(tool as never)),
    } as never)
  }

  async _generate(): Promise<ChatResult> {
    throw new Error('This model is always streamed.')
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    { tools = [] }: InstantOptions,
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const isAnswer = ToolMessage.isInstance(messages.at(-1))
    if (!isAnswer) this.asked = { messages, tools }
    for (const piece of isAnswer ? this.#answer() : this.#call()) {
      yield piece
      await run?.handleLLMNewToken(piece.text, undefined, undefined, undefined, undefined, { chunk: piece })
    }
  }

  #call(): ChatGenerationChunk[] {
    const { tool: name, input } = this.#script
    const id = `call_${(calls += 1)}`
    const tool_call_chunks = [
      { type: 'tool_call_chunk' as const, index: 0, id, name, args: JSON.stringify(input) },
    ]
    return [piece({ tool_call_chunks }), ending('tool_calls', 12)]
  }

  #answer(): ChatGenerationChunk[] {
    const { words } = this.#script
    return [...words.map((content) => piece({ content })), ending('stop', words.length)]
  }
}

let calls = 0

const piece = (fields: object): ChatGenerationChunk => {
  const message = new AIMessageChunk({ content: '', ...fields } as never)
  return new ChatGenerationChunk({ message, text: message.text })
}

/** The last piece says why the answer ends, and what it used. */
function ending(finish_reason: string, output_tokens: number): ChatGenerationChunk {
  const usage_metadata = { input_tokens: 800, output_tokens, total_tokens: 800 + output_tokens }
  const message = new AIMessageChunk({ content: '', usage_metadata } as never)
  return new ChatGenerationChunk({ message, text: '', generationInfo: { finish_reason } })
}
