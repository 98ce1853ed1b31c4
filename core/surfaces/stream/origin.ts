import type { FastifyRequest } from 'fastify'
import { listOf, type Config } from '../../config.ts'
import { fail } from '../../errors.ts'
import { credentialOf, incomingOf, requireOwnOrigin } from '../../identity/index.ts'

/**
 * Browsers open a WebSocket to any site and send its cookies along, and no CORS asks first: so the page is asked for. One
 * of another site that the operator lets in (CORS_ORIGINS) brings a ticket or a token, never a cookie.
 */
export function createOriginRule({ CORS_ORIGINS }: Pick<Config, 'CORS_ORIGINS'>) {
  const others = CORS_ORIGINS === undefined ? [] : listOf(CORS_ORIGINS)
  return (request: FastifyRequest, brings: 'ticket' | 'credential'): void => {
    const { origin } = request.headers
    const isByCookie = brings === 'credential' && credentialOf(incomingOf(request))?.from === 'cookie'
    if (isByCookie && origin === undefined && request.ws) fail('csrf')
    if (!isByCookie && origin !== undefined && others.includes(origin)) return
    requireOwnOrigin(request)
  }
}
