import { randomUUID } from 'node:crypto'
import {
  AIMessage,
  AIMessageChunk,
  ToolMessage,
  type BaseMessage,
  type AIMessageFields,
} from '@langchain/core/messages'
import {
  createMiddleware,
  modelCallLimitMiddleware,
  modelRetryMiddleware,
  toolCallLimitMiddleware,
} from 'langchain'
import type { TurnContext } from './turnContext.ts'

/** Calls that one turn may make, and times that it may ask the model. */
export const mostCalls = 12
export const mostSteps = 15

/** The outermost first. (LangChain's own zod makes the type of two of these options `never` here.) */
export const turnMiddleware = () => [
  modelCallLimitMiddleware({ runLimit: mostSteps, exitBehavior: 'error' } as never),
  toolCallLimitMiddleware({ runLimit: mostCalls, exitBehavior: 'continue' } as never),
  unknownTools,
  prompt,
  offlineFallback,
  modelRetryMiddleware({ maxRetries: 1, initialDelayMs: 250, onFailure: 'error', retryOn: isWorthRetrying }),
  answerCheck,
]

const contextOf = (request: { runtime: { context?: unknown } }): TurnContext =>
  request.runtime.context as TurnContext

const prompt = createMiddleware({
  name: 'prompt',
  wrapModelCall: (request, handler) => handler({ ...request, systemPrompt: contextOf(request).systemPrompt }),
})

/** The vendor's model while it answers; from its first failure on, the offline model, which needs nobody. */
const offlineFallback = createMiddleware({
  name: 'offlineFallback',
  wrapModelCall: async (request, handler) => {
    const context = contextOf(request)
    const { vendor, offline, turn } = context
    if (!vendor || context.fellBack) return handler({ ...request, model: offline })
    try {
      return await handler({ ...request, model: vendor.model })
    } catch (error) {
      if (turn.signal.aborted || isAbort(error)) throw error
      context.fellBack = true
      return handler({ ...request, model: offline })
    }
  },
})

/** An answer that is neither words nor calls, or whose calls are cut short, is a failure of the model. */
const answerCheck = createMiddleware({
  name: 'answerCheck',
  wrapModelCall: async (request, handler) => {
    const answer = await handler(request)
    const calls = answer.tool_calls ?? []
    if (isCutShort(answer)) throw new Error('The model broke off in the middle of a call.')
    if (calls.length === 0 && answer.text.trim() === '')
      throw new Error('The model answered with neither words nor calls.')
    contextOf(request).askedCalls += calls.length
    return withFreshIds(answer, request.messages)
  },
})

/** LangChain completes half JSON of a streamed call by itself; what would then be carried out is not what was meant. */
function isCutShort(answer: AIMessage): boolean {
  const pieces = AIMessageChunk.isInstance(answer) ? (answer.tool_call_chunks ?? []) : []
  return (
    (answer.invalid_tool_calls?.length ?? 0) > 0 ||
    pieces.some(({ args }) => args !== undefined && args !== '' && !isJson(args))
  )
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A tool that was never offered is told off in a few words; the default lists every tool there is. */
const unknownTools = createMiddleware({
  name: 'unknownTools',
  wrapToolCall: (request, handler) => {
    if (request.tool) return handler(request)
    const { id = '', name } = request.toolCall
    const error = {
      code: 'not_found',
      message: `There is no tool "${name.slice(0, 100)}". Use one that was offered.`,
    }
    return new ToolMessage({ tool_call_id: id, name, status: 'error', content: JSON.stringify({ error }) })
  },
})

/** Some servers number their messages and calls anew at every step; here an id is one message, or one call. */
function withFreshIds(answer: AIMessage, before: readonly BaseMessage[]): AIMessage {
  const taken = new Set(before.flatMap(callIds))
  const calls = (answer.tool_calls ?? []).map((call) => {
    const id = call.id && !taken.has(call.id) ? call.id : `call_${randomUUID()}`
    taken.add(id)
    return { ...call, id }
  })
  const isTaken = before.some(({ id }) => id !== undefined && id === answer.id)
  const fields = {
    id: isTaken || answer.id === undefined ? randomUUID() : answer.id,
    content: answer.content,
    tool_calls: calls,
    additional_kwargs: answer.additional_kwargs,
    response_metadata: answer.response_metadata,
    usage_metadata: answer.usage_metadata,
  }
  return new AIMessage(fields as AIMessageFields)
}

const callIds = (message: BaseMessage): string[] =>
  AIMessage.isInstance(message) ? (message.tool_calls ?? []).map(({ id }) => id ?? '') : []

/** A key that is wrong stays wrong; a server that stumbles may stand up again. */
function isWorthRetrying(error: Error): boolean {
  const status = (error as { status?: unknown }).status
  const isOurs = typeof status === 'number' && status >= 400 && status < 500 && status !== 429
  return !isOurs && !isAbort(error)
}

/** LangChain wraps what went wrong once per middleware. */
export function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || isAbort(error.cause)
}
