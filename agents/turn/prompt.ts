import { contextOf } from './context.ts'
import type { Layer } from './layer.ts'

export const prompt: Layer = (request, ask) =>
  ask({ ...request, systemPrompt: contextOf(request).systemPrompt })
