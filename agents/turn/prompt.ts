import { SystemMessage } from '@langchain/core/messages'
import type { Layer } from './layer.ts'

export const prompt: Layer = (request, ask) =>
  ask({ ...request, system: new SystemMessage(request.context.systemPrompt) })
