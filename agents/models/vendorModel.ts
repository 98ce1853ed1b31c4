import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models'
import type { BaseMessage } from '@langchain/core/messages'
import type { ChatGenerationChunk, ChatResult } from '@langchain/core/outputs'
import { boundOptions } from './boundOptions.ts'
import type { ModelChoice } from './choice.ts'
import type { Early } from './earlyWords.ts'
import { freshAnswerId, type Hearing } from './hearing.ts'
import { patiently, type Patience } from './patience.ts'
import { VendorFault } from './vendorFault.ts'
import { wholeAnswer } from './wholeAnswer.ts'

/** A vendor's client from LangChain, with what its errors and endings mean. */
export interface VendorClient {
  readonly chat: BaseChatModel
  /** What the client threw, as a fault of ours. */
  faultOf(error: unknown, begun: 'begun' | 'not begun'): VendorFault
  /** Why the answer ended, in the vendor's word, once a piece says so. */
  endingOf(piece: ChatGenerationChunk): string | undefined
  /** Tools as options of a call, where that takes no client of its own. */
  offering?(tools: BindToolsInput[]): Readonly<Record<string, unknown>>
  /** Options of a call with which an answer is told of before the client has made pieces of it, where that can be. */
  telling?(early: Early): object
}

/** The vendors' words for an answer that was withheld, and for one that is no answer. */
const blocked = new Set(['content_filter', 'SAFETY', 'RECITATION', 'LANGUAGE', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'IMAGE_SAFETY']) // prettier-ignore
const malformed = new Set(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'])
const cutShort = new Set(['length', 'MAX_TOKENS', 'incomplete'])

export interface VendorModelParts {
  readonly choice: Omit<ModelChoice, 'apiKey'>
  readonly client: VendorClient
  readonly patience: Patience
}

/** What the vendor's client is given with a call, in the vendor's words. */
interface VendorCallOptions extends BaseChatModelCallOptions {
  readonly tools?: unknown
  /** Whoever listens to the answer. */
  readonly hearing?: Hearing
}

/**
 * A vendor's model as the agents ask it: always streamed, patient within limits, and failing with a `VendorFault` alone.
 * All pieces of one answer carry one id of ours, which the fault names, so that what was told of it can be taken back.
 */
export class VendorChatModel extends BaseChatModel<VendorCallOptions> {
  readonly #parts: VendorModelParts

  constructor(parts: VendorModelParts) {
    super({})
    this.#parts = parts
  }

  _llmType(): string {
    return 'tekup-vendor'
  }

  get choice(): Omit<ModelChoice, 'apiKey'> {
    return this.#parts.choice
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<VendorCallOptions>,
  ): ReturnType<NonNullable<BaseChatModel<VendorCallOptions>['bindTools']>> {
    const { client } = this.#parts
    const offered = client.offering?.(tools) ?? boundOptions(client.chat.bindTools?.(tools) ?? {})
    return this.withConfig({ ...offered, ...kwargs } as Partial<VendorCallOptions>)
  }

  override getLsParams(options: this['ParsedCallOptions']) {
    return this.#parts.client.chat.getLsParams(options as never)
  }

  override invocationParams(options?: this['ParsedCallOptions']): unknown {
    return this.#parts.client.chat.invocationParams(options as never)
  }

  async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    const pieces: ChatGenerationChunk[] = []
    for await (const piece of this._streamResponseChunks(messages, options)) pieces.push(piece)
    const whole = wholeAnswer(pieces)
    return { generations: whole ? [whole] : [] }
  }

  /** Callbacks hear of the first words alone, since that they are called costs more than a word; others listen to `hearing`. */
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    { hearing, ...options }: this['ParsedCallOptions'],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk, void> {
    const { client, patience } = this.#parts
    const id = hearing?.id ?? freshAnswerId()
    const telling =
      hearing && client.telling?.({ words: (words) => hearing.early(words), end: () => hearing.over() })
    const begin = (signal: AbortSignal) =>
      client.chat._streamResponseChunks(messages, { ...options, ...telling, signal } as never)
    let begun: 'begun' | 'not begun' = 'not begun'
    let ending: string | undefined
    let told = run
    try {
      for await (const piece of patiently(begin, options.signal, patience)) {
        begun = 'begun'
        const end = client.endingOf(piece)
        ending = end ?? ending
        if (end !== undefined) hearing?.over()
        yield named(isCutShort(end) ? markedCutShort(piece) : piece, id)
        if (!told || piece.text === '') continue
        await told.handleLLMNewToken(piece.text, undefined, undefined, undefined, undefined, { chunk: piece })
        told = undefined
      }
      requireWhole(ending)
    } catch (error) {
      options.signal?.throwIfAborted()
      const fault = client.faultOf(error, begun)
      fault.answerId = id
      throw fault
    }
  }
}

/** A stream that ends without saying why has been cut off on the way. */
function requireWhole(ending: string | undefined): void {
  if (ending === undefined) throw new VendorFault('broke_off')
  if (blocked.has(ending)) throw new VendorFault('blocked', { code: ending })
  if (malformed.has(ending)) throw new VendorFault('malformed', { code: ending })
}

function named(piece: ChatGenerationChunk, id: string): ChatGenerationChunk {
  piece.message._updateId(id)
  return piece
}

const isCutShort = (ending: string | undefined): boolean => ending !== undefined && cutShort.has(ending)

/** The vendor ended the answer at its limit of tokens; every vendor has a word of its own for that. */
function markedCutShort(piece: ChatGenerationChunk): ChatGenerationChunk {
  piece.message.response_metadata = { ...piece.message.response_metadata, cutShort: true }
  return piece
}

/** Whether an answer ends at the limit of its length rather than where its model was done. */
export const wasCutShort = ({ response_metadata }: BaseMessage): boolean =>
  response_metadata['cutShort'] === true
