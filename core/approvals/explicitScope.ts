import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { WriteContext } from '../operations/context.ts'

/** A key says yes for a person only when its maker wrote that scope down; `*.*:write` was not written with this in mind. */
export async function requireExplicitScope({ actor, query }: WriteContext, scope: string): Promise<void> {
  if (actor.kind !== 'key') return
  const [key] = await query<{ explicit: boolean }>(sql`
    SELECT ${scope} = ANY(scopes) AS explicit FROM platform.api_keys
    WHERE tenant_id = (SELECT app.tenant()) AND id = ${actor.id}`)
  if (!key?.explicit) fail('forbidden', { permission: scope })
}
