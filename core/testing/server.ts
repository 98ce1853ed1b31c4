import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { fault } from '../errors.ts'
import { createServer } from '../surfaces/server.ts'
import { registerWeb } from '../surfaces/web.ts'
import type { TestCore } from './core.ts'

/** The real HTTP server over a test core; `Authorization: Tenant <id>` stands for having signed in to that tenant. */
export async function testServer({ core, callerOf }: TestCore): Promise<FastifyInstance> {
  const app = await createServer({
    core,
    readiness: { reasons: async () => [] },
    authenticate: async (request) => {
      const tenant = /^Tenant ([0-9a-f-]{36})$/.exec(request.headers.authorization ?? '')?.[1]
      if (tenant === undefined) throw fault('unauthenticated')
      return callerOf(tenant)
    },
  })
  await registerWeb(app, 'no-such-folder')
  await app.ready()
  return app
}

/** Requests of a tenant to the REST surface of such a server, in English where they do not say otherwise. */
export const restCaller =
  (app: FastifyInstance, tenant: string) =>
  (
    method: NonNullable<InjectOptions['method']>,
    url: string,
    options: Omit<InjectOptions, 'method' | 'url'> = {},
  ): Promise<LightMyRequestResponse> =>
    app.inject({
      ...options,
      method,
      url: `/api/v1${url}`,
      headers: { authorization: `Tenant ${tenant}`, 'accept-language': 'en', ...options.headers },
    })
