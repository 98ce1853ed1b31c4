import type { FastifyInstance } from 'fastify'
import type { Core } from '../core.ts'

/** What this process needs to serve; each answers with the reason why it cannot, or nothing. */
export interface Readiness {
  reasons(): Promise<string[]>
}

/** `/health`: the process lives. `/ready`: it can serve. `/metrics`: figures for Prometheus, without any tenant's. */
export function registerHealth(app: FastifyInstance, { metrics }: Core, readiness: Readiness): void {
  app.get('/health', async () => ({ status: 'alive' }))
  app.get('/ready', async (_request, reply) => {
    const reasons = await readiness.reasons()
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .send({ status: reasons.length === 0 ? 'ready' : 'not ready', reasons })
  })
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
}
