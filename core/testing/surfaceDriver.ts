import type { FastifyInstance } from 'fastify'
import { Fault, fault } from '../errors.ts'
import type { Core } from '../core.ts'
import type { Caller } from '../operations/caller.ts'
import type { IncomingFile } from '../operations/file.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { routeOf } from '../operations/route.ts'
import { fileFieldOf } from '../surfaces/rest/files.ts'
import { createServer } from '../surfaces/server.ts'
import { registerWeb } from '../surfaces/web.ts'

/** What came back of a call, whatever the way in. */
export type Answer =
  | { readonly output: unknown }
  | { readonly code: string; readonly message: string; readonly details?: Readonly<Record<string, unknown>> }

/** One way in to every operation. */
export interface SurfaceDriver {
  readonly name: string
  /** False where the surface does not offer the operation, such as files to a model. */
  offers(operation: AnyOperation): boolean
  call(operation: AnyOperation, input: unknown, caller: Caller): Promise<Answer>
}

/** The way that all others lead to. */
export function invokeDriver(core: Core): SurfaceDriver {
  return {
    name: 'invoke',
    offers: () => true,
    call: async (operation, input, caller) => {
      try {
        // The core's own: what a suite was made over belongs to a registry that runs nothing.
        const own = core.registry.find(operation.name)!
        return { output: (await core.invoke(own, input, caller)).value as never }
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        return {
          code: error.code,
          message: error.sentence(caller.locale),
          details: error.detailsIn(caller.locale),
        }
      }
    },
  }
}

/** The real HTTP server; who calls is taken from a register, since signing in has tests of its own. */
export async function restDriver(core: Core): Promise<SurfaceDriver & { close(): Promise<void> }> {
  const callers = new Map<string, Caller>()
  const app = await createServer({
    core,
    readiness: { reasons: async () => [] },
    authenticate: async ({ headers }) => {
      const caller = callers.get(headers.authorization ?? '')
      if (!caller) throw fault('unauthenticated')
      return caller
    },
  })
  await registerWeb(app, 'no-such-folder')
  return {
    name: 'REST',
    offers: () => true,
    call: async (operation, input, caller) => {
      const authorization = `Caller ${callers.size}`
      callers.set(authorization, caller)
      return answerOf(await inject(app, operation, input, caller, authorization))
    },
    close: () => app.close(),
  }
}

async function inject(
  app: FastifyInstance,
  operation: AnyOperation,
  input: unknown,
  caller: Caller,
  authorization: string,
) {
  const { method, path } = routeOf(operation)
  const { id, ...rest } = (isRecord(input) ? input : {}) as Record<string, unknown>
  const sent = await payloadOf(operation, isRecord(input) ? rest : input)
  return app.inject({
    method,
    url: `/api/v1${path.replace('{id}', encodeURIComponent(String(id)))}`,
    headers: {
      authorization,
      'accept-language': caller.locale,
      ...(caller.idempotencyKey && { 'idempotency-key': caller.idempotencyKey }),
      ...(caller.confirmation && { 'x-confirm': caller.confirmation }),
      ...sent.headers,
    },
    ...sent.content,
  })
}

/** Where a REST call carries its input: in the query, as a JSON body, or as a file with the rest in the query. */
async function payloadOf(operation: AnyOperation, input: unknown) {
  const { method } = routeOf(operation)
  if (!isRecord(input)) return { content: { payload: input as never } }
  if (method === 'GET' || method === 'DELETE') return { content: { query: queryOf(input) } }
  const field = fileFieldOf(operation)
  const { [field ?? '']: file, ...rest } = input
  if (field === undefined || !isFile(file)) return { content: { payload: input } }
  const payload = Buffer.concat(await Array.fromAsync(file.stream()))
  return { headers: { 'content-type': file.mediaType }, content: { query: queryOf(rest), payload } }
}

const isFile = (value: unknown): value is IncomingFile =>
  typeof (value as Partial<IncomingFile> | undefined)?.stream === 'function'

function answerOf(response: Awaited<ReturnType<typeof inject>>): Answer {
  const isJson = String(response.headers['content-type']).startsWith('application/json')
  const body = isJson
    ? (response.json() as { error?: Extract<Answer, { code: string }> })
    : { content: response.body }
  if (response.statusCode < 400) return { output: body }
  return (body as { error: Extract<Answer, { code: string }> }).error
}

function queryOf(input: Record<string, unknown>): Record<string, string | string[]> {
  const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(asText) : asText(value),
    ]),
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
