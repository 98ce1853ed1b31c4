import { randomUUID } from 'node:crypto'
import { AIMessage, AIMessageChunk, type AIMessageFields, type BaseMessage } from '@langchain/core/messages'
import { textOf } from '../models/textOf.ts'
import { VendorFault } from '../models/vendorFault.ts'
import { wasCutShort } from '../models/vendorModel.ts'
import type { Layer } from './layer.ts'

/** An answer that is neither words nor calls, or whose calls are cut short, is a failure of the model. */
export const answerCheck: Layer = async (request, ask) => {
  const answer = await ask(request)
  const calls = answer.tool_calls ?? []
  const isEmpty = calls.length === 0 && textOf(answer).trim() === ''
  if (isEmpty || hasHalfCall(answer)) throw new VendorFault('malformed', { answerId: answer.id })
  const { context } = request
  context.askedCalls += calls.length
  context.cutShort = wasCutShort(answer)
  return withFreshIds(answer, request.messages)
}

/** LangChain completes half JSON of a streamed call by itself; what would then be carried out is not what was meant. */
function hasHalfCall(answer: AIMessage): boolean {
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
