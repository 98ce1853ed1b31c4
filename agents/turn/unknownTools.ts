import { ToolMessage } from '@langchain/core/messages'
import { createMiddleware } from 'langchain'

/** A tool that was never offered is told off in a few words; the default lists every tool there is. */
export const unknownTools = createMiddleware({
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
