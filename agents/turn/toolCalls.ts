import { ToolMessage } from '@langchain/core/messages'
import type { ToolCall } from '@langchain/core/messages/tool'
import type { StructuredTool } from '@langchain/core/tools'
import type { TurnContext } from './context.ts'

/** Calls that one turn may make. */
export const mostCalls = 12

/** Why a call is not made, in a few words for the model: there is no such tool, or it is one call too many. */
export function refusedCall(
  { id = '', name }: ToolCall,
  tool: StructuredTool | undefined,
  context: TurnContext,
): ToolMessage | undefined {
  const refused = (content: string): ToolMessage =>
    new ToolMessage({ tool_call_id: id, name, status: 'error', content })
  if (++context.madeCalls > mostCalls)
    return refused('Tool call limit exceeded. Do not make additional tool calls.')
  if (tool) return undefined
  const message = `There is no tool "${name.slice(0, 100)}". Use one that was offered.`
  return refused(JSON.stringify({ error: { code: 'not_found', message } }))
}
