import { SystemMessage } from '@langchain/core/messages'
import { contextOf } from './context.ts'
import type { Layer } from './layer.ts'

/** A message and no text: LangChain would make a message of blocks of it, whose words are slow to read. */
export const prompt: Layer = (request, ask) =>
  ask({ ...request, systemMessage: new SystemMessage(contextOf(request).systemPrompt) })
