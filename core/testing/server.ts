import type { FastifyInstance } from 'fastify'
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
