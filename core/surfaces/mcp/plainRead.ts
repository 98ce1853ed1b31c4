import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  classifyInboundRequest,
  isJSONRPCRequest,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
} from '@modelcontextprotocol/server'
import type { FastifyRequest } from 'fastify'
import type { AnyOperation } from '../../operations/operation.ts'
import { perform, refusalIn } from './call.ts'
import { agentOf, serverInfo, type McpParts, type Visit } from './parts.ts'
import { errorText } from './result.ts'
import type { Sessions } from './sessions.ts'
import { givesObject, type Tools } from './tools.ts'

/** A call of a tool that only reads, and needs nothing of the protocol but its answer. */
export interface PlainRead {
  readonly id: string | number
  readonly operation: AnyOperation
  readonly input: unknown
  /** Of a 2025 revision; the newest has none. */
  readonly session?: string
}

interface Called {
  readonly id: string | number
  readonly params: Readonly<Record<string, unknown>>
  /** What `_meta` may hold and still be nothing special. */
  readonly envelope: ReadonlySet<string>
  readonly session?: string
}

/**
 * What most calls are: a read, asked in one message without anything special about it. The library has a server, a
 * transport and two passes over the answer for each; such a one is answered without them. Whatever is not exactly
 * that, and all that is wrong with a message, is the library's.
 */
export function plainReadIn(request: FastifyRequest, tools: Tools): PlainRead | undefined {
  const { id, params, envelope, session } = newestCall(request) ?? sessionCall(request) ?? {}
  if (id === undefined || !params || !isPlain(params, envelope)) return undefined
  const operation = tools.find(String(params['name']))
  if (operation?.effect !== 'read') return undefined
  return { id, operation, input: params['arguments'], ...(session !== undefined && { session }) }
}

const newestEnvelope: ReadonlySet<string> = new Set([
  PROTOCOL_VERSION_META_KEY,
  CLIENT_INFO_META_KEY,
  CLIENT_CAPABILITIES_META_KEY,
])

/** As the library takes it: the headers say what the message says. */
function newestCall({ method, headers, body }: FastifyRequest): Called | undefined {
  const name = headers['mcp-name']
  if (headers['mcp-protocol-version'] !== '2026-07-28' || headers['mcp-method'] !== 'tools/call')
    return undefined
  const route = classifyInboundRequest({
    httpMethod: method,
    protocolVersionHeader: '2026-07-28',
    mcpMethodHeader: 'tools/call',
    body,
  })
  if (route.kind !== 'modern' || route.messageKind !== 'request') return undefined
  const { id, params = {} } = route.message
  return params['name'] === name ? { id, params, envelope: newestEnvelope } : undefined
}

const noEnvelope: ReadonlySet<string> = new Set()

function sessionCall({ method, headers, body }: FastifyRequest): Called | undefined {
  const { accept = '', 'mcp-session-id': session } = headers
  if (headers['mcp-protocol-version'] !== '2025-11-25' || method !== 'POST' || typeof session !== 'string')
    return undefined
  const takesBoth = accept.includes('application/json') && accept.includes('text/event-stream')
  if (!takesBoth || !isJSONRPCRequest(body) || body.method !== 'tools/call') return undefined
  return { id: body.id, params: body.params ?? {}, envelope: noEnvelope, session }
}

const parameters = new Set(['name', 'arguments', '_meta'])

/** A token for progress, an answer that is brought along, a trace: each of them needs more than the answer. */
function isPlain(params: Called['params'], envelope: ReadonlySet<string> = noEnvelope): boolean {
  const { name, arguments: input = {}, _meta = {} } = params
  return (
    typeof name === 'string' &&
    isObject(input) &&
    isObject(_meta) &&
    Object.keys(params).every((key) => parameters.has(key)) &&
    Object.keys(_meta).every((key) => envelope.has(key))
  )
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The whole message in answer, with the JSON that PostgreSQL built as it came; nothing where the session is none. */
export async function answerPlainRead(
  parts: McpParts & { readonly sessions: Sessions },
  visit: Visit,
  { id, operation, input, session }: PlainRead,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (session !== undefined && !(await parts.sessions.find(visit.program, session))) return undefined
  const result = await perform(parts, visit, operation, input, agentOf(visit, { signal })).then(
    ({ json }) => resultText(json, givesObject(operation) ? `,"structuredContent":${json}` : ''),
    (error: unknown) => resultText(errorText(refusalIn(error, parts, visit), visit), ',"isError":true'),
  )
  const ending = session === undefined ? newestEnding(parts) : ''
  return `{"result":{${result}${ending}},"jsonrpc":"2.0","id":${JSON.stringify(id)}}`
}

const resultText = (text: string, more: string): string =>
  `"content":[{"type":"text","text":${JSON.stringify(text)}}]${more}`

const newestEnding = (parts: McpParts): string =>
  `,"resultType":"complete","_meta":${JSON.stringify({ [SERVER_INFO_META_KEY]: serverInfo(parts) })}`
