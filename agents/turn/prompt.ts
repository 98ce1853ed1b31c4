import { createMiddleware } from 'langchain'
import { contextOf } from './context.ts'

export const prompt = createMiddleware({
  name: 'prompt',
  wrapModelCall: (request, handler) => handler({ ...request, systemPrompt: contextOf(request).systemPrompt }),
})
