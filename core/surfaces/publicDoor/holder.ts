import type { Core } from '../../core.ts'
import { sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import type { Locale } from '../../language.ts'
import type { Caller } from '../../operations/caller.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import type { KeyHolder } from '../../operations/publicKey.ts'

/** Keys are as a plugin makes them, but never more than this. */
const plausible = /^[\w-]{8,100}$/

/** What the key is of; `not_found` where nobody uses it, whatever the reason. */
export async function holderOf({ database }: Core, operation: AnyOperation, key: string): Promise<KeyHolder> {
  if (!plausible.test(key)) fail('not_found')
  const [holder] = await database.platformStatement<KeyHolder>(operation.publicKey!.find(key))
  return holder ?? fail('not_found')
}

interface Company {
  readonly name: string
  readonly off: readonly string[]
}

/** The outsider as a caller: of the key's company, with the permission of this one operation and no other. */
export async function outsiderOf(
  { database, registry }: Core,
  operation: AnyOperation,
  holder: KeyHolder,
  { requestId, locale }: { requestId: string; locale: Locale },
): Promise<Caller> {
  const [company] = await database.read<Company>(
    holder.tenant,
    sql`SELECT c.name, ARRAY(SELECT o.domain FROM platform.domains_off o WHERE o.tenant_id = c.tenant_id) AS off
      FROM platform.tenants c WHERE c.tenant_id = (SELECT app.tenant())`,
  )
  if (!company) fail('not_found')
  return {
    tenant: { id: holder.tenant, name: company.name },
    actor: { kind: 'outsider', id: holder.id, name: holder.name },
    origin: { surface: 'public', requestId },
    locale,
    permissions: new Set([operation.permission]),
    domains: new Set(registry.domains.filter((domain) => !company.off.includes(domain))),
  }
}
