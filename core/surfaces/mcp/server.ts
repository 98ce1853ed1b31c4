import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server'
import { callTool } from './call.ts'
import { serverInfo, type McpParts, type Visit } from './parts.ts'
import { promptOf, promptText } from './prompts.ts'
import { sentences } from './sentences.ts'
import { pageOf } from './tools.ts'

/** Milliseconds that a program may keep a list: rights change seldom, and `invoke` asks anew at every call. */
const listsLast = { ttlMs: 60_000, cacheScope: 'private' } as const

/** The server of one visit: what this program may use, in its person's language. It holds nothing between visits. */
export function serverFor(parts: McpParts, visit: Visit): Server {
  const { tenant, locale } = visit.program
  const server = new Server(serverInfo(parts), {
    capabilities: { tools: {}, prompts: {} },
    instructions: sentences[locale].instructions(tenant.name),
    cacheHints: { 'tools/list': listsLast, 'prompts/list': listsLast, 'server/discover': listsLast },
    requestState: { verify: parts.states.verify },
  })
  addTools(server, parts, visit)
  addPrompts(server, parts, visit)
  return server
}

function addTools(server: Server, parts: McpParts, visit: Visit): void {
  server.setRequestHandler('tools/list', ({ params }) => parts.tools.page(visit.program, params?.cursor))
  server.setRequestHandler('tools/call', ({ params }, context) =>
    callTool(parts, visit, { name: params.name, input: params.arguments, context }),
  )
}

function addPrompts(server: Server, parts: McpParts, visit: Visit): void {
  const { registry } = parts.core
  const { locale } = visit.program
  server.setRequestHandler('prompts/list', ({ params }) => {
    const { items, nextCursor } = pageOf(parts.tools.offered(visit.program), params?.cursor)
    const prompts = items.map((operation) => promptOf(operation, registry.words(operation, locale)))
    return { prompts, ...(nextCursor && { nextCursor }) }
  })
  server.setRequestHandler('prompts/get', ({ params }) => {
    const operation = parts.tools.offered(visit.program).find(({ tool }) => tool === params.name)
    if (!operation) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown prompt.')
    return promptText(registry.words(operation, locale), params.arguments ?? {})
  })
}
