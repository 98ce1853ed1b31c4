import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../../core.ts'
import { fail, Fault } from '../../errors.ts'
import { addressGroup } from '../../identity/attempts.ts'
import { localeFrom } from '../../language.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import { publicRouteOf } from '../../operations/route.ts'
import { createAddressLimits } from '../../usage/addressLimits.ts'
import { apiRoot } from '../rest/routes.ts'
import { allowOrigin, answerPreflight } from './crossOrigin.ts'
import { callByKey, keyOf, type Count, type Door } from './callByKey.ts'
import { registerFormPages } from './formPages.ts'
import { holderOf } from './holder.ts'
import { plainFormReader, plainFormType, sendRefusal, sendThanks } from './plainForm.ts'

/** Bytes that an outsider may send at once. */
const largestBody = 64 * 1024

/** Calls in a minute: a page's visitor makes a few, a page that is much visited some hundreds. */
const allowance = { address: { points: 30, seconds: 60 }, key: { points: 600, seconds: 60 } }

/** Gives every operation that outsiders may call its public address; whatever comes in goes through `invoke` as all else. */
export async function registerPublicDoor(app: FastifyInstance, core: Core): Promise<void> {
  const open = core.registry.operations.filter(({ publicKey }) => publicKey)
  const door: Door = { core, count: counterOf() }
  await app.register(async (scope) => {
    scope.addContentTypeParser(plainFormType, { parseAs: 'string' }, (_request, text, done) =>
      done(null, new URLSearchParams(text as string)),
    )
    for (const operation of open) registerOne(scope, door, operation)
    registerFormPages(scope, door)
  })
}

function counterOf(): Count {
  const perAddress = createAddressLimits(allowance.address)
  const perKey = createAddressLimits(allowance.key)
  return async (request, key) => {
    await perAddress.take(addressGroup(request.ip))
    await perKey.take(key.slice(0, 100))
  }
}

function registerOne(app: FastifyInstance, door: Door, operation: AnyOperation): void {
  const { method, path } = publicRouteOf(operation)
  const url = apiRoot + path.replace('{key}', ':key')
  const config = { cors: false as const }
  app.options(url, { config }, async (request, reply) => {
    const key = keyOf(request)
    await door.count(request, key)
    allowOrigin(request, reply, await holderOf(door.core, operation, key))
    return answerPreflight(reply, method)
  })
  app.route({ method, url, config, bodyLimit: largestBody, handler: handlerFor(door, operation) })
}

function handlerFor(door: Door, operation: AnyOperation) {
  const readPlain = plainFormReader(operation)
  const answerJson = async (request: FastifyRequest, reply: FastifyReply, sent: object) => {
    const { json } = await callByKey(door, operation, request, reply, {
      sent,
      locale: localeFrom(request.headers['accept-language']),
    })
    return reply.type('application/json; charset=utf-8').send(json)
  }
  const answerPage = async (request: FastifyRequest, reply: FastifyReply, sent: URLSearchParams) => {
    const locale = localeFrom(request.headers['accept-language'])
    try {
      const { value } = await callByKey(door, operation, request, reply, { sent: readPlain(sent), locale })
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
