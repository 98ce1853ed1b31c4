import type { FastifyInstance } from 'fastify'
import { apiRoot } from './rest/routes.ts'

export interface DemoPerson {
  readonly email: string
  readonly name: string
  readonly tenant: string
  readonly role: string
}

/** What the page may know before anyone has signed in. */
export interface Bootstrap {
  readonly product: 'TekUp'
  readonly version: string
  readonly demo: { readonly people: readonly DemoPerson[] } | null
}

export function registerBootstrap(app: FastifyInstance, bootstrap: Bootstrap): void {
  app.get(`${apiRoot}/bootstrap`, async (_request, reply) =>
    reply.header('Cache-Control', 'no-store').send(bootstrap),
  )
}
