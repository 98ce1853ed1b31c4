import { personOf } from '../operations/context.ts'
import { fail } from '../errors.ts'
import type { Authenticated } from './authenticate.ts'

/** Who came in, and with what: enough to look up at any time who they are now. */
export interface Bearer {
  readonly tenant: string
  readonly person: string
  readonly session?: string | undefined
  readonly key?: string | undefined
}

export function bearerOf({ tenant, actor, sessionId }: Authenticated): Bearer {
  return {
    tenant: tenant.id,
    person: personOf(actor) ?? fail('unauthenticated'),
    session: sessionId,
    key: actor.kind === 'key' ? actor.id : undefined,
  }
}
