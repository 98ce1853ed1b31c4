import type { FastifyRequest } from 'fastify'
import type { Caller } from '../operations/caller.ts'

/** Who a request comes from: everything about a caller that does not depend on the surface. */
export type Authenticated = Pick<Caller, 'tenant' | 'actor' | 'permissions' | 'domains' | 'locale'>

/** Establishes who a request comes from, or refuses with `unauthenticated`, `token_expired` or `csrf`. */
export type Authenticate = (request: FastifyRequest) => Promise<Authenticated>
