import { sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import { personOf, type ReadContext, type WriteContext } from '../../operations/context.ts'
import type { SignedInActor } from '../authenticate.ts'
import type { Role } from '../roles.ts'

type Context = ReadContext | WriteContext

/** The person who acts, or on whose behalf; a job has none and is refused. */
export function actingPerson({ actor }: Context): string {
  return personOf(actor) ?? fail('forbidden', { permission: 'platform.profile:read' })
}

/** The session that the call came with, if it came with one. */
export const sessionOf = ({ actor }: Context): string | null =>
  actor.kind === 'person' ? ((actor as SignedInActor).session ?? null) : null

export async function roleOfActor(context: Context): Promise<Role | undefined> {
  const [row] = await context.query<{ role: Role }>(sql`
    SELECT role FROM platform.memberships
    WHERE tenant_id = ${context.tenant.id} AND person_id = ${actingPerson(context)} AND ended_at IS NULL`)
  return row?.role
}

/** Ownership is given and taken by an owner in person; a key never does, whatever its scopes. */
export async function requireOwner(context: Context): Promise<void> {
  const isOwner = context.actor.kind !== 'key' && (await roleOfActor(context)) === 'owner'
  if (!isOwner) fail('conflict', { reason: ownersOnly })
}

const ownersOnly = {
  da: 'kun en ejer kan give, tage eller fjerne ejerskab. Bed en ejer om det.',
  en: 'only an owner can give, take or remove ownership. Ask an owner.',
}
