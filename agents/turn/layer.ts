import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { AIMessage, BaseMessage, SystemMessage } from '@langchain/core/messages'
import type { StructuredTool } from '@langchain/core/tools'
import type { TurnContext } from './context.ts'

/** One question to a model. */
export interface ModelRequest {
  readonly context: TurnContext
  readonly model: BaseChatModel
  readonly system?: SystemMessage
  readonly messages: readonly BaseMessage[]
  readonly tools: readonly StructuredTool[]
}

/** Asks the model, through whatever layers lie further in. */
export type AskModel = (request: ModelRequest) => Promise<AIMessage>

/** One thing that is done around every question to a model. */
export type Layer = (request: ModelRequest, ask: AskModel) => Promise<AIMessage>

/** The layers as one, the first outermost, around whatever sends the question. */
export const layered = (layers: readonly Layer[], send: AskModel): AskModel =>
  layers.reduceRight<AskModel>((inner, layer) => (request) => layer(request, inner), send)
