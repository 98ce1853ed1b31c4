import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../../core.ts'
import { fail, Fault } from '../../errors.ts'
import { addressGroup } from '../../identity/attempts.ts'
import { localeFrom } from '../../language.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import { visitField, type KeyHolder } from '../../operations/publicKey.ts'
import { publicRouteOf } from '../../operations/route.ts'
import { createAddressLimits } from '../../usage/addressLimits.ts'
import { apiRoot } from '../rest/routes.ts'
import { allowOrigin, answerPreflight, isAllowed } from './crossOrigin.ts'
import { holderOf, outsiderOf } from './holder.ts'
import { networkOf } from './network.ts'
import { plainFormReader, plainFormType, sendRefusal, sendThanks } from './plainForm.ts'

/** Bytes that an outsider may send at once. */
const largestBody = 64 * 1024

/** Calls in a minute: a page's visitor makes a few, a page that is much visited some hundreds. */
const allowance = { address: { points: 30, seconds: 60 }, key: { points: 600, seconds: 60 } }

/** Gives every operation that outsiders may call its public address; whatever comes in goes through `invoke` as all else. */
export async function registerPublicDoor(app: FastifyInstance, core: Core): Promise<void> {
  const open = core.registry.operations.filter(({ publicKey }) => publicKey)
  const count = counterOf()
  await app.register(async (door) => {
    door.addContentTypeParser(plainFormType, { parseAs: 'string' }, (_request, text, done) =>
      done(null, new URLSearchParams(text as string)),
    )
    for (const operation of open) registerOne(door, core, operation, count)
  })
}

type Count = (request: FastifyRequest, key: string) => Promise<void>

function counterOf(): Count {
  const perAddress = createAddressLimits(allowance.address)
  const perKey = createAddressLimits(allowance.key)
  return async (request, key) => {
    await perAddress.take(addressGroup(request.ip))
    await perKey.take(key.slice(0, 100))
  }
}

function registerOne(door: FastifyInstance, core: Core, operation: AnyOperation, count: Count): void {
  const { method, path } = publicRouteOf(operation)
  const url = apiRoot + path.replace('{key}', ':key')
  const config = { cors: false as const }
  door.options(url, { config }, async (request, reply) => {
    const key = keyOf(request)
    await count(request, key)
    allowOrigin(request, reply, await holderOf(core, operation, key))
    return answerPreflight(reply, method)
  })
  door.route({ method, url, config, bodyLimit: largestBody, handler: handlerFor(core, operation, count) })
}

function handlerFor(core: Core, operation: AnyOperation, count: Count) {
  const readPlain = plainFormReader(operation)
  const answerJson = async (request: FastifyRequest, reply: FastifyReply, sent: object) => {
    const { json } = await call(core, operation, count, request, reply, sent)
    return reply.type('application/json; charset=utf-8').send(json)
  }
  const answerPage = async (request: FastifyRequest, reply: FastifyReply, sent: URLSearchParams) => {
    const locale = localeFrom(request.headers['accept-language'])
    try {
      const { value } = await call(core, operation, count, request, reply, readPlain(sent))
      return sendThanks(reply, (value as Record<string, unknown>)[operation.publicKey!.thanks ?? ''], locale)
    } catch (error) {
      if (error instanceof Fault && error.status < 500) return sendRefusal(reply, error, locale)
      throw error
    }
  }
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const sent = request.body ?? {}
    reply.header('Cache-Control', 'no-store')
    if (sent instanceof URLSearchParams) return answerPage(request, reply, sent)
    return answerJson(request, reply, isFields(sent) ? sent : fail('malformed_body'))
  }
}

const isFields = (sent: unknown): sent is object =>
  typeof sent === 'object' && sent !== null && !Array.isArray(sent)

const keyOf = (request: FastifyRequest): string => (request.params as { key: string }).key

async function call(
  core: Core,
  operation: AnyOperation,
  count: Count,
  request: FastifyRequest,
  reply: FastifyReply,
  sent: object,
) {
  const key = keyOf(request)
  await count(request, key)
  const holder = await holderOf(core, operation, key)
  allowOrigin(request, reply, holder)
  const locale = localeFrom(request.headers['accept-language'])
  const caller = await outsiderOf(core, operation, holder, { requestId: request.id, locale })
  return core.invoke(operation, { ...sent, ...seen(operation, request, holder), id: holder.id }, caller)
}

/** What the door saw of the visitor, for an operation that wants to know. */
function seen(operation: AnyOperation, request: FastifyRequest, holder: KeyHolder): object {
  if (!(visitField in ((operation.input as { shape?: object }).shape ?? {}))) return {}
  const origin = request.headers.origin?.slice(0, 300)
  return {
    [visitField]: { network: networkOf(request.ip), origin, isAllowedOrigin: isAllowed(origin, holder) },
  }
}
