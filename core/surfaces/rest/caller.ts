import type { FastifyRequest } from 'fastify'
import { fail } from '../../errors.ts'
import type { Caller } from '../../operations/caller.ts'
import type { Authenticated } from '../authentication.ts'

/** The caller of a REST request: who authentication says it is, and what the headers ask of `invoke`. */
export function callerOf(who: Authenticated, request: FastifyRequest): Caller {
  const idempotencyKey = header(request, 'idempotency-key')
  const confirmation = header(request, 'x-confirm')
  if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
    fail('invalid_input', { problem: badKey, issues: [{ path: 'Idempotency-Key', message: badKey.en }] })
  }
  return {
    ...who,
    origin: { surface: 'rest', requestId: request.id },
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(confirmation !== undefined && { confirmation }),
  }
}

const badKey = {
  da: 'Idempotency-Key skal være 1 til 255 synlige ASCII-tegn.',
  en: 'Idempotency-Key must be 1 to 255 visible ASCII characters.',
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
