import '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { Fault, fail } from '../errors.ts'
import { localeFrom } from '../language.ts'
import { parseInput } from '../operations/input.ts'
import {
  accessCookie,
  refreshCookie,
  requireOwnOrigin,
  requireOwnPage,
  type IncomingRequest,
} from './credentials.ts'
import type { Identity } from './identity.ts'
import { Accept, Invitation, Login, Refresh, Switch } from './requests.ts'
import type { Device, SignedIn, Switched } from './sessions.ts'

const root = '/api/v1/auth'

/**
 * Signing in and out, the one part of the public face that is not an operation: there is no caller yet. A browser asks
 * for the transport `cookie` and never sees a token; everybody else gets tokens.
 */
export function registerAuthRoutes(app: FastifyInstance, identity: Identity): void {
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith(root)) reply.header('Cache-Control', 'no-store')
  })
  app.post(`${root}/login`, async (request, reply) => {
    const { transport, ...asked } = read(Login, request)
    if (transport === 'cookie') requireOwnOrigin(request)
    return answer(request, reply, transport, await identity.signIn({ ...asked, ...deviceOf(request) }))
  })
  // The token comes in the body: in an address it would stand in logs.
  app.post(`${root}/invitation`, async (request) => identity.invitation(read(Invitation, request).token))
  app.post(`${root}/accept`, async (request, reply) => {
    const { transport, ...asked } = read(Accept, request)
    if (transport === 'cookie') requireOwnOrigin(request)
    const locale = localeFrom(request.headers['accept-language'])
    return answer(
      request,
      reply,
      transport,
      await identity.accept({ ...asked, locale, ...deviceOf(request) }),
    )
  })
  app.post(`${root}/refresh`, async (request, reply) => {
    const { token, from } = refreshTokenOf(request)
    if (!token) fail('unauthenticated')
    return answer(request, reply, from, await identity.refresh(token, deviceOf(request)))
  })
  app.post(`${root}/logout`, async (request, reply) => {
    await signOut(identity, request)
    return forgetCookies(reply).code(204).send()
  })
  app.post(`${root}/switch`, async (request, reply) => {
    const incoming = incomingOf(request)
    const { sessionId } = await identity.authenticate(incoming)
    if (!sessionId) fail('forbidden', { permission: 'platform.sessions:write' })
    const switched = await identity.switchTenant(sessionId, read(Switch, request).tenant)
    return answer(request, reply, isByCookie(incoming) ? 'cookie' : 'token', switched)
  })
  app.get(`${root}/me`, async (request) => identity.me(await identity.authenticate(incomingOf(request))))
}

function read<Schema extends z.ZodType>(schema: Schema, request: FastifyRequest): z.output<Schema> {
  const locale = localeFrom(request.headers['accept-language'])
  return parseInput({ input: schema }, request.body, locale)
}

/** A token in the body is a program's; the cookie is the browser's, and only our own page may make it be used. */
function refreshTokenOf(request: FastifyRequest): { token: string | undefined; from: 'token' | 'cookie' } {
  const { refreshToken } = read(Refresh, request)
  if (refreshToken !== undefined) return { token: refreshToken, from: 'token' }
  const cookie = request.cookies[refreshCookie]
  if (cookie !== undefined) requireOwnPage(incomingOf(request))
  return { token: cookie, from: 'cookie' }
}

/** Signing out works with whatever is left: a live access token, or only a refresh token. */
async function signOut(identity: Identity, request: FastifyRequest): Promise<void> {
  const { token } = refreshTokenOf(request)
  try {
    const { sessionId } = await identity.authenticate(incomingOf(request))
    if (sessionId) await identity.signOut(sessionId)
  } catch (error) {
    if (!(error instanceof Fault) || error.status !== 401) throw error
  }
  if (token) await identity.signOutByRefreshToken(token)
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  transport: 'token' | 'cookie',
  signedIn: Switched | SignedIn,
): FastifyReply {
  if (transport === 'token') return reply.send(signedIn)
  const { accessToken, expiresIn, person, tenant } = signedIn
  const secure = request.protocol === 'https'
  reply.setCookie(accessCookie, accessToken, {
    httpOnly: true,
    secure,
    sameSite: 'lax',
    path: '/',
    maxAge: cookieLife,
  })
  if ('refreshToken' in signedIn) {
    reply.setCookie(refreshCookie, signedIn.refreshToken, { httpOnly: true, secure, sameSite: 'strict', path: root, maxAge: cookieLife }) // prettier-ignore
  }
  return reply.send({ expiresIn, person, tenant })
}

/** Seconds. The access cookie outlives its token, so that an expired token is told from a missing one. */
const cookieLife = 30 * 86_400

const forgetCookies = (reply: FastifyReply): FastifyReply =>
  reply.clearCookie(accessCookie, { path: '/' }).clearCookie(refreshCookie, { path: root })

/** A request as authentication reads it. */
export const incomingOf = ({ method, headers, cookies }: FastifyRequest): IncomingRequest => ({
  method,
  headers,
  cookies: cookies ?? {},
})

const isByCookie = ({ headers }: IncomingRequest): boolean =>
  !headers['authorization'] && !headers['x-api-key']

const deviceOf = ({ ip, id, headers }: FastifyRequest): Device => ({
  address: ip,
  userAgent: headers['user-agent'] ?? '',
  requestId: id,
})
