import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../../core.ts'
import type { Locale } from '../../language.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import { visitField, type KeyHolder } from '../../operations/publicKey.ts'
import { allowOrigin, isAllowed } from './crossOrigin.ts'
import { holderOf, outsiderOf } from './holder.ts'
import { networkOf } from './network.ts'

/** Refuses whoever calls too often, from one address or by one key. */
export type Count = (request: FastifyRequest, key: string) => Promise<void>

export interface Door {
  readonly core: Core
  readonly count: Count
}

interface Asked {
  readonly sent: object
  readonly locale: Locale
}

export const keyOf = (request: FastifyRequest): string => (request.params as { key: string }).key

/** Calls an operation as the outsider who holds the key of the address. */
export async function callByKey(
  { core, count }: Door,
  operation: AnyOperation,
  request: FastifyRequest,
  reply: FastifyReply,
  { sent, locale }: Asked,
) {
  const key = keyOf(request)
  await count(request, key)
  const holder = await holderOf(core, operation, key)
  allowOrigin(request, reply, holder)
  const caller = await outsiderOf(core, operation, holder, { requestId: request.id, locale })
  return core.invoke(operation, { ...sent, ...seen(operation, request, holder), id: holder.id }, caller)
}

/** What the door saw of the visitor, for an operation that wants to know. */
function seen(operation: AnyOperation, request: FastifyRequest, holder: KeyHolder): object {
  if (!(visitField in ((operation.input as { shape?: object }).shape ?? {}))) return {}
  const origin = request.headers.origin?.slice(0, 300)
  const isAllowedOrigin = isOwn(request, origin) || isAllowed(origin, holder)
  return { [visitField]: { network: networkOf(request.ip), origin, isAllowedOrigin } }
}

/** Our own pages may always send: the holder chose to have one here. */
const isOwn = ({ host }: FastifyRequest, origin: string | undefined): boolean =>
  origin !== undefined && URL.canParse(origin) && new URL(origin).host === host
