import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models'
import type { BaseMessage } from '@langchain/core/messages'
import type { ChatGenerationChunk, ChatResult } from '@langchain/core/outputs'
import type { Account, PlannedCall, UsageMeter } from '#core'
import { boundOptions } from './boundOptions.ts'
import { Hearing, type Hear } from './hearing.ts'
import { mostOutput, promptBytes, tokensOf } from './estimate.ts'
import { pricingOf, usageName, type ModelId } from './prices/prices.ts'
import { textOf } from './textOf.ts'
import { UsedTokens } from './usedTokens.ts'
import { wholeAnswer } from './wholeAnswer.ts'

/** Who is told what while a model answers. */
export interface Listeners {
  readonly warn?: PlannedCall['warn']
  readonly hear?: Hear
  /** All of an answer has come, though nobody has gathered it yet. */
  readonly hearEnd?: () => void
}

/** A model for whoever pays for its calls: the only form in which a model is handed on. */
export type ForAccount = (account: Account, listeners?: Listeners) => BaseChatModel

/** Lets a model be called only on somebody's account: with a reservation before each call, settled after it. */
export const metered =
  (usage: Pick<UsageMeter, 'begin'>, id: ModelId, inner: BaseChatModel): ForAccount =>
  (account, listeners) =>
    new MeteredChatModel({ usage, id, inner, account, ...listeners })

interface Metering extends Listeners {
  readonly usage: Pick<UsageMeter, 'begin'>
  readonly id: ModelId
  readonly inner: BaseChatModel
  readonly account: Account
}

type Options = BaseChatModelCallOptions & Readonly<Record<string, unknown>>

/**
 * Another chat model, one that streams, behind the usage meter. Whatever way LangChain takes to a model (invoke, stream,
 * batch, events, bound tools, structured output) ends in the one method that is metered here.
 */
export class MeteredChatModel extends BaseChatModel<Options> {
  readonly #metering: Metering

  constructor(metering: Metering) {
    super({})
    this.#metering = metering
  }

  _llmType(): string {
    return 'tekup-metered'
  }

  override getName(suffix?: string): string {
    return this.#metering.inner.getName(suffix)
  }

  override get profile() {
    return this.#metering.inner.profile
  }

  override getLsParams(options: this['ParsedCallOptions']) {
    return this.#metering.inner.getLsParams(options as never)
  }

  override invocationParams(options?: this['ParsedCallOptions']): unknown {
    return this.#metering.inner.invocationParams(options as never)
  }

  override bindTools(tools: BindToolsInput[], kwargs?: Partial<Options>) {
    const bound = this.#metering.inner.bindTools?.(tools, kwargs as never)
    if (!bound) throw new Error(`${this.getName()} takes no tools.`)
    return this.withConfig(boundOptions(bound))
  }

  async _generate(
    messages: BaseMessage[],
    options: Options,
    run?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const pieces: ChatGenerationChunk[] = []
    for await (const piece of this._streamResponseChunks(messages, options, run)) pieces.push(piece)
    const whole = wholeAnswer(pieces)
    return { generations: whole ? [whole] : [] }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: Options,
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { inner, hear, hearEnd } = this.#metering
    const { call, used } = await this.#begin(messages, options)
    const hearing = hear && new Hearing(hear, hearEnd)
    try {
      for await (const chunk of inner._streamResponseChunks(
        messages,
        { ...options, hearing } as never,
        run,
      )) {
        used.add(chunk.message)
        hearing?.handedOn(textOf(chunk.message))
        yield chunk
      }
      used.complete()
    } catch (error) {
      used.brokeOff(error)
      throw error
    } finally {
      used.addWords(hearing?.ahead ?? '')
      // Nobody waits: the next call on the account does, and whoever ends what the account was for.
      void call.settle(used.sum())
    }
  }

  async #begin(messages: readonly BaseMessage[], options: Options) {
    const { usage, id, inner, account, warn } = this.#metering
    const bytes = promptBytes(messages, options)
    const inputTokens = tokensOf(bytes, 'atMost')
    const call = await usage.begin({
      account,
      model: usageName(id),
      pricing: pricingOf(id, new Date(), inputTokens),
      inputTokens,
      outputTokens: outputLimit(inner, options),
      ...(warn && { warn }),
    })
    return { call, used: new UsedTokens(bytes) }
  }
}

/** The most tokens that may be answered, as the call or the model says it in the vendor's words. */
function outputLimit(inner: BaseChatModel, options: Options): number {
  const { maxTokens, maxOutputTokens } = inner as { maxTokens?: number; maxOutputTokens?: number }
  const asked = [options['max_tokens'], options['maxOutputTokens'], maxTokens, maxOutputTokens]
  return asked.find((limit): limit is number => typeof limit === 'number' && limit > 0) ?? mostOutput
}
