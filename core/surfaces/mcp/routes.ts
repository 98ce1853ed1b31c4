import {
  createMcpHandler,
  createRequestStateCodec,
  isLegacyRequest,
  PROTOCOL_VERSION_META_KEY,
  validateHostHeader,
  validateOriginHeader,
  type AuthInfo,
} from '@modelcontextprotocol/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../../core.ts'
import { Fault, fault } from '../../errors.ts'
import { challenge, incomingOf, resourceOf, type Identity } from '../../identity/index.ts'
import { deriveKey } from '../../keys.ts'
import { localeFrom } from '../../language.ts'
import { ownAddress, type OwnAddress } from '../../ownAddress.ts'
import { errorBody } from '../errors.ts'
import type { ApprovalState } from './approval.ts'
import { createLabels } from './labels.ts'
import { createLegacy } from './legacy.ts'
import { agentOf, type Visit } from './parts.ts'
import { answerPlainRead, plainReadIn } from './plainRead.ts'
import { createQuestions, type Streams } from './questions.ts'
import { protocolFault } from './responses.ts'
import { serverFor } from './server.ts'
import { createSessions } from './sessions.ts'
import { createTools } from './tools.ts'

export interface McpSurfaceParts {
  readonly core: Core
  readonly identity: {
    readonly programs: Pick<Identity['programs'], 'authenticate'>
    readonly accessOf: Identity['accessOf']
  }
  /** Of the product, as a server says it of itself. */
  readonly version: string
}

const path = '/mcp'
/** Bytes of the largest message. */
const largestMessage = 1024 * 1024

/** `/mcp`: every operation that a program may use for its person, over streamable HTTP. */
export async function registerMcp(app: FastifyInstance, surface: McpSurfaceParts): Promise<void> {
  const { core } = surface
  const address = ownAddress(core.config)
  const guard = createGuard(core, address)
  const serve = createServing(surface)
  await app.register(async (mcp) => {
    mcp.setErrorHandler((error, request, reply) => answerFault(error, request, reply, address))
    mcp.route({
      method: ['GET', 'POST', 'DELETE'],
      url: path,
      bodyLimit: largestMessage,
      onRequest: async (request) => guard(request),
      handler: async (request, reply) => {
        const origin = `${request.protocol}://${request.host}`
        const program = await surface.identity.programs.authenticate(incomingOf(request), resourceOf(origin))
        const visit: Visit = { program, requestId: request.id, origin, ...idempotencyOf(request) }
        if (!isToolCall(request.body)) await core.limits.take(agentOf(visit))
        return serve(visit, request, reply)
      },
    })
  })
}

/** Only our own names in Host, and no foreign page in Origin (2026-07-28, basic/transports: DNS rebinding). */
function createGuard({ config }: Core, { hostnames }: OwnAddress) {
  const pages = config.CORS_ORIGINS?.split(',').map((origin) => new URL(origin.trim()).hostname) ?? []
  const origins = [...hostnames, ...pages]
  return ({ host, headers }: FastifyRequest): void => {
    const known =
      validateHostHeader(host, [...hostnames]).ok && validateOriginHeader(headers.origin, origins).ok
    if (!known) throw fault('foreign_host')
  }
}

function createServing({ core, identity, version }: McpSurfaceParts) {
  const streams: Streams = new WeakMap()
  const states = createRequestStateCodec<ApprovalState>({
    key: deriveKey(core.secret, 'mcp request state'),
    bind: ({ http }) => http?.authInfo?.clientId ?? '',
  })
  const parts = {
    core,
    version,
    states,
    tools: createTools(core.registry, core.brought),
    labels: createLabels(core.database, core.clock),
    questions: createQuestions(core.database, streams),
    accessOf: identity.accessOf,
    sessions: createSessions(core.database, core.clock),
  }
  const legacy = createLegacy({ ...parts, streams })
  const newest = createMcpHandler(({ authInfo }) => serverFor(parts, visitOf(authInfo)), {
    legacy: 'reject',
    onerror: (error) => core.log.debug({ err: error }, 'a message over MCP was refused'),
  })
  const respond = async (visit: Visit, request: Request, body: unknown): Promise<Response> => {
    const authInfo = authInfoOf(visit)
    const isNewest = claimsRevision(body) || !(await isLegacyRequest(request, body))
    return isNewest
      ? newest.fetch(request, { parsedBody: body, authInfo })
      : legacy({ request, body, visit, authInfo })
  }
  return async (visit: Visit, asked: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const gone = whenGone(reply)
    const read = plainReadIn(asked, parts.tools)
    const answer = read && (await answerPlainRead(parts, visit, read, gone))
    if (answer !== undefined) return reply.type('application/json').send(answer)
    return sendResponse(reply, await respond(visit, webRequest(asked, visit, gone), asked.body))
  }
}

/** A request that says which revision it speaks is of the newest kind, and need not be looked at twice. */
const claimsRevision = (body: unknown): boolean =>
  (body as { params?: { _meta?: Readonly<Record<string, unknown>> } } | null)?.params?._meta?.[
    PROTOCOL_VERSION_META_KEY
  ] !== undefined

/** The library hands through what it knows of a caller: here it is the whole visit, and never a token. */
const authInfoOf = (visit: Visit): AuthInfo => {
  const { tenant, credential } = visit.program
  return { token: '', clientId: `${tenant.id} ${credential.id}`, scopes: [], extra: { visit } }
}

function visitOf(authInfo: AuthInfo | undefined): Visit {
  const visit = authInfo?.extra?.['visit']
  if (!visit) throw new Error('A server is made for one visit.')
  return visit as Visit
}

const isToolCall = (body: unknown): boolean => (body as { method?: unknown } | null)?.method === 'tools/call'

function idempotencyOf({ headers }: FastifyRequest): Pick<Visit, 'idempotencyKey'> {
  const key = headers['idempotency-key']
  return typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key) ? { idempotencyKey: key } : {}
}

/** Aborted when the program hangs up before it has its answer. */
function whenGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort()
  })
  return gone.signal
}

/** The request as the library reads it. */
function webRequest(
  { method, url, headers }: FastifyRequest,
  { origin }: Visit,
  signal: AbortSignal,
): Request {
  const texts = Object.entries(headers).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return new Request(new URL(url, origin), { method, headers: texts, signal })
}

/** A whole answer goes out in one piece; only what is told as it happens is a stream. */
async function sendResponse(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  if (!response.headers.get('content-type')?.startsWith('application/json')) return reply.send(response)
  reply.code(response.status).headers(Object.fromEntries(response.headers))
  return reply.send(Buffer.from(await response.arrayBuffer()))
}

/** Refusals before the protocol begins are JSON-RPC errors, with our own code and sentence in their data. */
function answerFault(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  address: OwnAddress,
): FastifyReply {
  const refusal = error instanceof Fault ? error : readingFault(error)
  if (!refusal) throw error
  const locale = localeFrom(request.headers['accept-language'])
  const origin = `${request.protocol}://${request.host}`
  if (refusal.status === 401 && address.isOrigin(origin))
    reply.header(
      'WWW-Authenticate',
      challenge(origin, request.headers.authorization ? 'invalid_token' : undefined),
    )
  if (refusal.code === 'rate_limited') reply.header('Retry-After', String(refusal.details['seconds']))
  const { error: data } = errorBody(refusal, locale, request.id)
  return reply.send(protocolFault(refusal.status, data.message, {}, data))
}

function readingFault(error: unknown): Fault | undefined {
  const { statusCode } = error as { statusCode?: number }
  if (statusCode === 413) return fault('too_large', { limit: '1 MB' })
  if (statusCode === 415) return fault('unsupported_media_type', { expected: 'application/json' })
  return statusCode === 400 ? fault('malformed_body') : undefined
}
