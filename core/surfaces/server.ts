import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import multipart from '@fastify/multipart'
import websocket from '@fastify/websocket'
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { listOf } from '../config.ts'
import type { Core } from '../core.ts'
import { fault } from '../errors.ts'
import type { Authenticate } from './authentication.ts'
import { refuseBrokenRequests } from './broken.ts'
import { installErrors } from './errors.ts'
import { registerHealth, type Readiness } from './health.ts'
import { registerOpenApi, type DocumentedPaths } from './openapi/routes.ts'
import { registerPublicDoor } from './publicDoor/routes.ts'
import { registerOperations } from './rest/routes.ts'
import { securityHeaders } from './securityHeaders.ts'
import { webSockets } from './webSockets.ts'

interface ServerParts {
  readonly core: Core
  readonly authenticate: Authenticate
  readonly readiness: Readiness
  /** Addresses that are not operations (sign-in, chat), for the documentation. */
  readonly documented?: DocumentedPaths
}

/** Bytes of the largest JSON body. */
const largestBody = 1024 * 1024

/** The HTTP server: the surfaces that are projections of the registry, and the ground that channels register on. */
export async function createServer({
  core,
  authenticate,
  readiness,
  documented,
}: ServerParts): Promise<FastifyInstance> {
  const app = await groundServer(core)
  registerHealth(app, core, readiness)
  registerOperations(app, core, authenticate)
  await registerPublicDoor(app, core)
  registerOpenApi(app, { registry: core.registry, authenticate, documented: documented ?? {} })
  return app
}

/** What a process answers that only works: how it is. */
export async function createHealthServer(core: Core, readiness: Readiness): Promise<FastifyInstance> {
  const app = await groundServer(core)
  registerHealth(app, core, readiness)
  return app
}

async function groundServer(core: Core): Promise<FastifyInstance> {
  const headers = await securityHeaders()
  const app = fastify({
    ...refuseBrokenRequests(headers),
    loggerInstance: core.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request) => requestId(request.headers['x-request-id']),
    bodyLimit: largestBody,
    trustProxy: core.config.TRUST_PROXY === 'true',
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
  })
  installErrors(app)
  await installGround(app, core, headers)
  return app
}

async function installGround(
  app: FastifyInstance,
  { config, log }: Core,
  headers: Record<string, string>,
): Promise<void> {
  const origins = config.CORS_ORIGINS === undefined ? [] : listOf(config.CORS_ORIGINS)
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    hangUpWhenAnswered(app)
  })
  app.addHook('onRequest', (request, reply, next) => {
    reply.headers(headers).header('X-Request-Id', request.id)
    next(closing ? fault('unavailable') : undefined)
  })
  takeBodies(app)
  await app.register(cors, {
    origin: origins.length > 0 ? origins : false,
    exposedHeaders: ['ETag', 'X-Request-Id'],
  })
  await app.register(cookie)
  await app.register(multipart)
  await app.register(websocket, webSockets)
  if (log.isLevelEnabled('debug')) app.addHook('onResponse', logAnswer)
}

/**
 * Programs name a type even where they send nothing (a DELETE, say); that is no body, and no broken one. Where nothing
 * answers, that is the answer, whatever the body holds. Files are left to whoever takes them.
 */
function takeBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) =>
    text === '' || request.is404 ? done(null) : parse(request, text as string, done),
  )
  for (const type of ['text/csv', 'text/vcard', 'application/octet-stream']) {
    app.addContentTypeParser(type, (_request, payload, done) => done(null, payload))
  }
}

function logAnswer(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  const { method, id: requestId } = request
  const path = request.url.split('?', 1)[0]
  const answer = { requestId, method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }
  request.log.debug(answer, 'answered')
  next()
}

/** A caller's own request id is kept when it is a plain token, so that it can be followed across systems. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{8,100}$/.test(given) ? given : randomUUID()
}

/**
 * A connection that was busy when the closing began would be kept alive for its next request, which never comes:
 * it is closed as soon as what is in flight on it has been answered.
 */
function hangUpWhenAnswered({ server }: FastifyInstance): void {
  const timer = setInterval(() => server.closeIdleConnections(), 50)
  server.once('close', () => clearInterval(timer))
}
