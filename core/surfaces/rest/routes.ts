import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Core } from '../../core.ts'
import { fail } from '../../errors.ts'
import type { OutgoingFile } from '../../operations/file.ts'
import { LateInput } from '../../operations/input.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import type { Outcome } from '../../operations/outcome.ts'
import { routeOf } from '../../operations/route.ts'
import type { Authenticate } from '../authentication.ts'
import { callerOf } from './caller.ts'
import { fileFieldOf, incomingFile, nameField } from './files.ts'
import { queryReader } from './input.ts'
import { sendRateHeaders } from './rateHeaders.ts'

export const apiRoot = '/api/v1'

/** Gives every operation its address. Nobody writes a route by hand. */
export function registerOperations(app: FastifyInstance, core: Core, authenticate: Authenticate): void {
  for (const operation of core.registry.operations) {
    const { method, path } = routeOf(operation)
    app.route({
      method,
      url: apiRoot + path.replace('{id}', ':id'),
      handler: handlerFor(core, operation, authenticate),
    })
  }
}

function handlerFor(core: Core, operation: AnyOperation, authenticate: Authenticate) {
  const readInput = inputReader(operation)
  const send = isFile(operation) ? sendFile : sendJson
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = callerOf(await authenticate(request), request)
    const input = readInput(request, reply)
    const outcome = await core.invoke(operation, input, caller).finally(() => {
      sendRateHeaders(reply, core.limits.stateOf(caller))
    })
    return send(reply, outcome)
  }
}

/** What was sent, and for an operation that takes a file how to read it: not a byte before the caller may send it. */
type InputReader = (request: FastifyRequest, reply: FastifyReply) => Record<string, unknown> | LateInput

function inputReader(operation: AnyOperation): InputReader {
  const { method, path } = routeOf(operation)
  const fileField = fileFieldOf(operation)
  const readQuery = queryReader(operation)
  const takesVersion = operation.input instanceof z.ZodObject && 'version' in operation.input.shape
  return (request, reply) => {
    const inQuery = method === 'GET' || method === 'DELETE' || fileField !== undefined
    const sent = inQuery ? readQuery(request.query as never) : bodyOf(request)
    const id = path.includes('{id}') ? { id: (request.params as { id: string }).id } : {}
    const version = takesVersion ? expectedVersion(request) : {}
    if (fileField === undefined) return { ...sent, ...version, ...id }
    const { [nameField]: _name, ...fields } = sent
    return new LateInput(async () => ({
      ...fields,
      ...(await incomingFile(request, reply, fileField)),
      ...version,
      ...id,
    }))
  }
}

function bodyOf(request: FastifyRequest): Record<string, unknown> {
  const { body } = request
  if (body === undefined || body === null) return {}
  if (typeof body !== 'object' || Array.isArray(body)) {
    fail('invalid_input', {
      problem: { da: 'et JSON-objekt forventes.', en: 'a JSON object is expected.' },
      issues: [],
    })
  }
  return body as Record<string, unknown>
}

/** If-Match carries the version that the change is based on (RFC 9110, 13.1.1). */
function expectedVersion(request: FastifyRequest): { version?: number } {
  const tag = request.headers['if-match']
  if (tag === undefined || tag === '*') return {}
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(tag)?.[1]
  if (version === undefined) fail('version_conflict')
  return { version: Number(version) }
}

const isFile = (operation: AnyOperation): boolean =>
  (operation.output as z.ZodType).meta()?.['kind'] === 'file'

function sendJson(reply: FastifyReply, outcome: Outcome): FastifyReply {
  if (outcome.replayed) reply.header('Idempotency-Replayed', 'true')
  if (outcome.version !== undefined) reply.header('ETag', `"${outcome.version}"`)
  return reply.type('application/json; charset=utf-8').send(outcome.json)
}

function sendFile(reply: FastifyReply, outcome: Outcome): FastifyReply {
  if (outcome.replayed) reply.header('Idempotency-Replayed', 'true')
  const { name, mediaType, content } = outcome.value as OutgoingFile
  return reply
    .type(mediaType)
    .header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .send(content)
}
