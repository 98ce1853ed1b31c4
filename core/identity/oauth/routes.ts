import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fail } from '../../errors.ts'
import type { OwnAddress } from '../../ownAddress.ts'
import type { Identity } from '../identity.ts'
import { incomingOf } from '../routes.ts'
import { oauthRoot, resourceMetadata, serverMetadata } from './discovery.ts'
import { OAuthError } from './oauthError.ts'

const wellKnown = '/.well-known'
/** RFC 9728 (3.1) puts the resource's path behind; some clients look without it. */
const resourceAddresses = ['/oauth-protected-resource', '/oauth-protected-resource/mcp']
/** Clients that take the resource for the issuer look behind its path too. */
const serverAddresses = ['/oauth-authorization-server', '/oauth-authorization-server/mcp']

interface OAuthRouteParts {
  readonly identity: Identity
  readonly address: OwnAddress
}

/** How programs find out how to be let in, ask for it, and get their tokens. The asking itself is a page. */
export async function registerOAuthRoutes(app: FastifyInstance, parts: OAuthRouteParts): Promise<void> {
  const { programs } = parts.identity
  await app.register(async (oauth) => {
    oauth.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 16 * 1024 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
    )
    oauth.setErrorHandler(sayOAuthError)
    oauth.addHook('onSend', async (_request, reply) => {
      // Any page may look: nothing here is answered to a cookie.
      reply.header('Cache-Control', 'no-store').header('Access-Control-Allow-Origin', '*')
    })
    for (const path of resourceAddresses)
      oauth.get(wellKnown + path, async (request) => resourceMetadata(originOf(request, parts.address)))
    for (const path of serverAddresses)
      oauth.get(wellKnown + path, async (request) => serverMetadata(originOf(request, parts.address)))
    oauth.post(`${oauthRoot}/register`, async (request, reply) => {
      await programs.admit(request.ip)
      return reply.code(201).send(await programs.register(request.body))
    })
    oauth.post(`${oauthRoot}/token`, async (request) => {
      await programs.admit(request.ip)
      return programs.exchange(formOf(request))
    })
    oauth.post(`${oauthRoot}/revoke`, async (request) => {
      await programs.admit(request.ip)
      await programs.revoke(formOf(request)['token'] ?? '')
      return {}
    })
  })
  app.post('/api/v1/auth/authorization', async (request, reply) => {
    const who = await parts.identity.authenticate(incomingOf(request))
    if (who.actor.kind !== 'person') fail('forbidden', { permission: 'platform.connections:send' })
    reply.header('Cache-Control', 'no-store')
    return programs.question(request.body, originOf(request, parts.address), who.locale)
  })
}

/** The origin that the caller knows us by; a name that is not ours is refused, so that nothing is vouched for it. */
export function originOf({ protocol, host }: FastifyRequest, address: OwnAddress): string {
  const origin = `${protocol}://${host}`
  return address.isOrigin(origin) ? origin : fail('not_found')
}

const formOf = ({ body }: FastifyRequest): Record<string, string> => {
  if (typeof body !== 'object' || body === null)
    throw new OAuthError('invalid_request', 'Send application/x-www-form-urlencoded.')
  return body as Record<string, string>
}

function sayOAuthError(error: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!(error instanceof OAuthError)) throw error
  return reply.code(error.status).send({ error: error.code, error_description: error.message })
}
