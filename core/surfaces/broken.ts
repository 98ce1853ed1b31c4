import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { fault } from '../errors.ts'
import { localeFrom } from '../language.ts'
import { errorBody, sendFault } from './errors.ts'

type Headers = Readonly<Record<string, string>>

/** Options of Fastify with which what no route is chosen for is refused in our shape too. */
export function refuseBrokenRequests(headers: Headers) {
  return {
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply): void => {
      void sendFault(
        fault('not_found'),
        request,
        reply.headers(headers).header('X-Request-Id', request.id) as FastifyReply,
      )
    },
    clientErrorHandler: refuseBrokenHttp,
  }
}

/** What is not HTTP has no request and no reply: the answer is written to the socket as it is (RFC 9112, 2.2). */
function refuseBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const refusal = fault(error.code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'malformed_request')
  const id = randomUUID()
  const body = JSON.stringify(errorBody(refusal, localeFrom(undefined), id))
  socket.end(
    [
      `HTTP/1.1 ${refusal.status} Refused`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${id}`,
      '',
      body,
    ].join('\r\n'),
  )
}
