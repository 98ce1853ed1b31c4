import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models'
import type { BaseMessage } from '@langchain/core/messages'
import type { ChatGenerationChunk, ChatResult } from '@langchain/core/outputs'
import { RunnableBinding } from '@langchain/core/runnables'
import type { Account, PlannedCall, UsageMeter } from '#core'
import { mostOutput, promptBytes, tokensOf } from './estimate.ts'
import { pricingOf, usageName, type ModelId } from './prices/prices.ts'
import { UsedTokens } from './usedTokens.ts'

/** A model for whoever pays for its calls: the only form in which a model is handed on. */
export type ForAccount = (account: Account, warn?: PlannedCall['warn']) => BaseChatModel

/** Lets a model be called only on somebody's account: with a reservation before each call, settled after it. */
export const metered =
  (usage: UsageMeter, id: ModelId, inner: BaseChatModel): ForAccount =>
  (account, warn) =>
    new MeteredChatModel({ usage, id, inner, account, ...(warn && { warn }) })

interface Metering {
  readonly usage: UsageMeter
  readonly id: ModelId
  readonly inner: BaseChatModel
  readonly account: Account
  readonly warn?: PlannedCall['warn']
}

type Options = BaseChatModelCallOptions & Readonly<Record<string, unknown>>

/**
 * Another chat model behind the usage meter. Whatever way LangChain takes to a model (invoke, stream, batch, events,
 * bound tools, structured output) ends in one of the two methods that are metered here.
 */
export class MeteredChatModel extends BaseChatModel<Options> {
  readonly #metering: Metering

  constructor(metering: Metering) {
    super({})
    this.#metering = metering
    const { inner } = metering
    this.disableStreaming =
      inner.disableStreaming || inner._streamResponseChunks === BaseChatModel.prototype._streamResponseChunks
  }

  _llmType(): string {
    return this.#metering.inner._llmType()
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
    if (!bound) throw new Error(`${this._llmType()} takes no tools.`)
    return this.withConfig(optionsOf(bound))
  }

  async _generate(
    messages: BaseMessage[],
    options: Options,
    run?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const { call, used } = await this.#begin(messages, options)
    try {
      const result = await this.#metering.inner._generate(messages, options as never, run)
      for (const { message } of result.generations) used.add(message)
      used.complete()
      return result
    } catch (error) {
      used.brokeOff(error)
      throw error
    } finally {
      await call.settle(used.sum())
    }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: Options,
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { call, used } = await this.#begin(messages, options)
    try {
      for await (const chunk of this.#metering.inner._streamResponseChunks(messages, options as never, run)) {
        used.add(chunk.message)
        yield chunk
      }
      used.complete()
    } catch (error) {
      used.brokeOff(error)
      throw error
    } finally {
      await call.settle(used.sum())
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

/** What a model bound to its tools passes on with every call: vendors say it in their own ways. */
function optionsOf(bound: object): Partial<Options> {
  if (RunnableBinding.isRunnableBinding(bound))
    return { ...bound.config, ...bound.kwargs } as Partial<Options>
  return (bound as { defaultOptions?: Partial<Options> }).defaultOptions ?? {}
}

/** The most tokens that may be answered, as the call or the model says it in the vendor's words. */
function outputLimit(inner: BaseChatModel, options: Options): number {
  const { maxTokens, maxOutputTokens } = inner as { maxTokens?: number; maxOutputTokens?: number }
  const asked = [options['max_tokens'], options['maxOutputTokens'], maxTokens, maxOutputTokens]
  return asked.find((limit): limit is number => typeof limit === 'number' && limit > 0) ?? mostOutput
}
