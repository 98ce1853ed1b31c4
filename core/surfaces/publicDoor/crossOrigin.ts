import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KeyHolder } from '../../operations/publicKey.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** @fastify/cors leaves such a route alone; its types do not say so. */
    readonly cors?: false
  }
}

/** Whether the holder lets pages of this origin call; a call without an origin comes from no page. */
export const isAllowed = (origin: string | undefined, { origins }: KeyHolder): boolean =>
  origin === undefined || origins.length === 0 || origins.includes(origin.toLowerCase())

/** Lets the page read the answer, where the holder allows its origin. Never with credentials: there are none here. */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply, holder: KeyHolder): void {
  const { origin } = request.headers
  reply.header('Vary', 'Origin')
  if (origin === undefined || !isAllowed(origin, holder)) return
  reply.header('Access-Control-Allow-Origin', origin)
  reply.header('Cross-Origin-Resource-Policy', 'cross-origin')
}

export function answerPreflight(reply: FastifyReply, method: string): FastifyReply {
  return reply
    .code(204)
    .header('Access-Control-Allow-Methods', method)
    .header('Access-Control-Allow-Headers', 'Content-Type, Accept-Language')
    .header('Access-Control-Max-Age', '600')
    .send()
}
