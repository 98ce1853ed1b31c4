import type { FastifyReply } from 'fastify'
import type { RateState } from '../../usage/rateLimits.ts'

/** The tightest of the caller's limits, in the headers of draft-ietf-httpapi-ratelimit-headers (version 06). */
export function sendRateHeaders(reply: FastifyReply, state: RateState | undefined): void {
  if (!state) return
  reply.header('RateLimit-Limit', state.limit)
  reply.header('RateLimit-Remaining', state.remaining)
  reply.header('RateLimit-Reset', state.resetSeconds)
}
