import { ConfigFault } from '../config.ts'
import type { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import type { WrappedKey } from './dataKeys.ts'
import type { Vault } from './vault.ts'
import type { WrappingKeys } from './wrappingKeys.ts'

const batch = 200

/**
 * Moves every company's data key to the current key of the installation; what companies have sealed stays as it is.
 * Throws a `ConfigFault` when a key is wrapped by one that is not given: the secrets could not be opened.
 */
export async function rewrapDataKeys(
  database: Database,
  { keys }: Vault,
  { current }: WrappingKeys,
): Promise<void> {
  for (;;) {
    const rows = await database.platformStatement<WrappedKey & { tenant_id: string }>(
      sql`SELECT * FROM platform.data_keys_wrapped_otherwise(${current.id}, ${batch})`,
    )
    for (const row of rows) {
      const { wrapped } = keys.rewrap(row.tenant_id, row) ?? refuse()
      await database.platformStatement(sql`
        SELECT platform.rewrap_data_key(${row.tenant_id}, ${row.id}, ${row.wrapping_key}, ${wrapped}, ${current.id})`)
    }
    if (rows.length < batch) return
  }
}

function refuse(): never {
  throw new ConfigFault(
    'The secrets in the database are locked with another VAULT_KEY. Set VAULT_KEY to that key, or VAULT_KEY_OLD to it to move them to the new one.',
  )
}
