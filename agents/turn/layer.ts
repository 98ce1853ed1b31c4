import type { AIMessage } from '@langchain/core/messages'
import type { WrapModelCallHook } from 'langchain'

type ModelRequest = Parameters<WrapModelCallHook>[0]

/** Asks the model, through whatever layers lie further in. */
export type AskModel = (request: ModelRequest) => Promise<AIMessage>

/** One thing that is done around every question to a model. */
export type Layer = (request: ModelRequest, ask: AskModel) => Promise<AIMessage>

/** The layers as one, the first outermost. */
export const layered = (layers: readonly Layer[]): Layer =>
  layers.reduceRight((inner, layer) => (request, ask) => layer(request, (changed) => inner(changed, ask)))
