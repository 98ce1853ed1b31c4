import { ToolMessage } from '@langchain/core/messages'
import type { ToolCallRequest } from 'langchain'
import { contextOf } from './context.ts'

/** Calls that one turn may make. */
export const mostCalls = 12

/**
 * Why a call is not made, in a few words for the model: a tool that was never offered (LangChain's own answer lists every
 * tool there is), or one call too many.
 */
export function refusedCall(request: ToolCallRequest): ToolMessage | undefined {
  const { id = '', name } = request.toolCall
  const context = contextOf(request)
  const refused = (content: string): ToolMessage =>
    new ToolMessage({ tool_call_id: id, name, status: 'error', content })
  if (++context.madeCalls > mostCalls)
    return refused('Tool call limit exceeded. Do not make additional tool calls.')
  if (request.tool) return undefined
  const message = `There is no tool "${name.slice(0, 100)}". Use one that was offered.`
  return refused(JSON.stringify({ error: { code: 'not_found', message } }))
}
