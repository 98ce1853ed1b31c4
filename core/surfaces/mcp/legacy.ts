import {
  isInitializeRequest,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  WebStandardStreamableHTTPServerTransport,
  type AuthInfo,
  type JSONRPCMessage,
} from '@modelcontextprotocol/server'
import { elicitationOf } from './approval.ts'
import type { McpParts, Visit } from './parts.ts'
import type { Streams } from './questions.ts'
import { accepted, protocolFault } from './responses.ts'
import { serverFor } from './server.ts'
import type { Sessions } from './sessions.ts'

interface LegacyParts extends McpParts {
  readonly sessions: Sessions
  readonly streams: Streams
}

/** A request of a 2025 revision. */
export interface LegacyRequest {
  readonly request: Request
  readonly body: unknown
  readonly visit: Visit
  readonly authInfo: AuthInfo
}

/**
 * The 2025 revisions: a session that any process can serve, since it stands in the database. There is no stream from
 * the server on its own (GET is 405): all that is said is said in answer to a request.
 */
export function createLegacy(parts: LegacyParts) {
  const underWay: UnderWay = new Map()
  return async (asked: LegacyRequest): Promise<Response> => {
    const { request, body, visit } = asked
    if (request.method === 'DELETE') return endSession(parts, asked)
    if (request.method !== 'POST') return protocolFault(405, 'Method not allowed.', { Allow: 'POST, DELETE' })
    if (isInitializeRequest(body)) return initialize(parts, asked, body.params)
    const session = await sessionOf(parts, asked)
    if (session instanceof Response) return session
    const inSession = { ...asked, visit: { ...visit, session } }
    if (isJSONRPCResponse(body)) {
      await parts.questions.answer(session.id, visit.program.tenant.id, body.id, 'result' in body ? body.result : { action: 'cancel' }) // prettier-ignore
      return accepted()
    }
    if (isJSONRPCNotification(body)) {
      const cancelled = (body.params as { requestId?: unknown } | undefined)?.requestId
      underWay.get(keyOf(session.id, cancelled))?.()
      return accepted()
    }
    return serve(parts, inSession, underWay)
  }
}

/** How to stop each request that this process is answering; one that another process answers goes on. */
type UnderWay = Map<string, () => void>

const keyOf = (session: string, id: unknown): string => `${session} ${JSON.stringify(id)}`

async function initialize(
  parts: LegacyParts,
  asked: LegacyRequest,
  {
    capabilities,
    protocolVersion,
  }: { capabilities: Parameters<typeof elicitationOf>[0]; protocolVersion: string },
): Promise<Response> {
  const response = await serve(parts, asked, new Map())
  if (!response.ok) return response
  const session = await parts.sessions.open(asked.visit.program, elicitationOf(capabilities), protocolVersion)
  response.headers.set('Mcp-Session-Id', session.id)
  return response
}

async function sessionOf({ sessions }: LegacyParts, { request, visit }: LegacyRequest) {
  const id = request.headers.get('mcp-session-id')
  if (id === null)
    return protocolFault(400, 'Bad Request: the Mcp-Session-Id header is missing. Initialize first.')
  return (await sessions.find(visit.program, id)) ?? protocolFault(404, 'Session not found. Initialize anew.')
}

async function endSession({ sessions }: LegacyParts, { request, visit }: LegacyRequest): Promise<Response> {
  const ended = await sessions.end(visit.program, request.headers.get('mcp-session-id') ?? '')
  return ended ? new Response(null, { status: 204 }) : protocolFault(404, 'Session not found.')
}

/** One request, a server and a transport of its own, and nothing left behind. */
async function serve(
  parts: LegacyParts,
  { request, body, visit, authInfo }: LegacyRequest,
  underWay: UnderWay,
): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: undefined,
    enableJsonResponse: !speaksWhileWorking(body, visit),
  })
  const server = serverFor(parts, visit)
  await server.connect(transport)
  const cancelled = Promise.withResolvers<void>()
  const stopped = cancelled.promise.then(async () => {
    await server.close()
    return accepted()
  })
  const key = isJSONRPCRequest(body) && visit.session ? keyOf(visit.session.id, body.id) : undefined
  if (key !== undefined) {
    underWay.set(key, cancelled.resolve)
    const relatedRequestId = (body as { id: string | number }).id
    parts.streams.set(visit, (message) =>
      transport.send(message as never as JSONRPCMessage, { relatedRequestId }),
    )
  }
  const answered = transport.handleRequest(request, { authInfo, parsedBody: body })
  const response = await Promise.race([answered, stopped])
  return whenOver(response, () => {
    if (key !== undefined) underWay.delete(key)
    parts.streams.delete(visit)
    void server.close()
  })
}

/** A stream is over when it was read to its end, or when nobody reads it any more: then nobody waits for a person either. */
function whenOver(response: Response, over: () => void): Response {
  if (response.body === null || response.headers.get('content-type') !== 'text/event-stream') {
    over()
    return response
  }
  const watched = new TransformStream<Uint8Array, Uint8Array>({ flush: over, cancel: over })
  const { status, headers } = response
  return new Response(response.body.pipeThrough(watched), { status, headers })
}

/** Only a call that may ask its person, or that was asked to tell how far it is, needs a stream. */
function speaksWhileWorking(body: unknown, { session }: Visit): boolean {
  if (!isJSONRPCRequest(body) || body.method !== 'tools/call') return false
  const asks = session?.elicitation.form || session?.elicitation.url
  return asks === true || body.params?._meta?.progressToken !== undefined
}
