import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Fault, fault } from '../errors.ts'
import { databaseFault } from '../operations/databaseFault.ts'
import { localeFrom, type Locale } from '../language.ts'

/** The one shape of every error, on every surface that speaks JSON. */
export interface ErrorBody {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly requestId: string
    readonly details?: Readonly<Record<string, unknown>>
  }
}

export function errorBody(refusal: Fault, locale: Locale, requestId: string): ErrorBody {
  const details = refusal.detailsIn(locale)
  const hasDetails = Object.keys(details).length > 0
  return {
    error: {
      code: refusal.code,
      message: refusal.sentence(locale),
      requestId,
      ...(hasDetails && { details }),
    },
  }
}

/** Answers everything that is thrown in the one error shape; what nobody foresaw is logged and says nothing of itself. */
export function installErrors(app: FastifyInstance): void {
  app.setErrorHandler(async (error: FastifyError | Fault, request, reply) =>
    sendFault(await refusalOf(error, request), request, reply),
  )
}

/** What an error is answered with; for surfaces that answer otherwise than in JSON. */
export async function refusalOf(error: FastifyError | Fault, request: FastifyRequest): Promise<Fault> {
  const refusal = error instanceof Fault ? error : fromFastify(error, request)
  if (refusal.status >= 500 && !(error instanceof Fault)) request.log.error({ err: error }, 'request failed')
  if (refusal.code === 'too_large') await hearOut(request)
  return refusal
}

/** Gives an answer the status of its refusal, and says when to come again. */
export function refuse(reply: FastifyReply, refusal: Fault): FastifyReply {
  if (refusal.code === 'rate_limited') reply.header('Retry-After', String(refusal.details['seconds']))
  return reply.code(refusal.status)
}

/** Bytes and milliseconds that a body which is refused for its size is still listened to. */
const patience = { bytes: 32 * 1024 * 1024, milliseconds: 5_000 }

/** Whoever is cut off while sending sees a broken connection, and never the answer: so a body is heard out first. */
function hearOut({ raw }: FastifyRequest): Promise<void> {
  return new Promise((resolve) => {
    let heard = 0
    raw.on('data', ({ length }: Buffer) => (heard += length) > patience.bytes && resolve())
    for (const end of ['end', 'close', 'error']) raw.once(end, () => resolve())
    setTimeout(resolve, patience.milliseconds).unref()
    if (raw.readableEnded || raw.destroyed) resolve()
  })
}

export function sendFault(refusal: Fault, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (refusal.status === 401) reply.header('WWW-Authenticate', 'Bearer realm="tekup"')
  const locale = localeFrom(request.headers['accept-language'])
  return refuse(reply, refusal)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorBody(refusal, locale, request.id)))
}

function fromFastify(error: FastifyError, { routeOptions }: FastifyRequest): Fault {
  const cause = { cause: error }
  if (error.statusCode === 413) return fault('too_large', { limit: sizeText(routeOptions.bodyLimit) }, cause)
  if (error.statusCode === 415)
    return fault('unsupported_media_type', { expected: 'application/json' }, cause)
  if (error.code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') return fault('malformed_body', undefined, cause)
  if (error.statusCode !== undefined && error.statusCode < 500)
    return fault('malformed_body', undefined, cause)
  if (error.statusCode === 503) return fault('unavailable', undefined, cause)
  // What the database cannot do now is said; what it refuses is nobody's to correct here.
  const refusal = databaseFault(error)
  return refusal.status > 500 ? refusal : fault('internal', undefined, cause)
}

const sizeText = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${Math.round(bytes / 1024 / 1024)} MB`
