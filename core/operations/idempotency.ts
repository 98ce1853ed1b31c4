import type { TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Caller } from './caller.ts'
import type { AnyOperation } from './operation.ts'

interface KeyedInput {
  readonly key: string
  readonly hash: string
}

/**
 * Claims the key for this transaction. Two calls with one key meet on the primary key: the second waits for the
 * first to commit and then gets its stored outcome, or runs itself when the first was rolled back.
 */
export async function claimKey(
  { query }: TenantTransaction,
  { tenant, actor }: Caller,
  operation: AnyOperation,
  { key, hash }: KeyedInput,
): Promise<{ output: unknown } | undefined> {
  const claimed = await query(sql`
    INSERT INTO platform.idempotency (tenant_id, actor_id, key, operation, input_hash)
    VALUES (${tenant.id}, ${actor.id}, ${key}, ${operation.name}, ${hash})
    ON CONFLICT DO NOTHING RETURNING 1`)
  if (claimed.length > 0) return undefined
  const [known] = await query<{ input_hash: string; output: unknown }>(sql`
    SELECT input_hash, output FROM platform.idempotency
    WHERE tenant_id = ${tenant.id} AND actor_id = ${actor.id} AND key = ${key}`)
  if (known?.input_hash !== hash) fail('idempotency_mismatch')
  return { output: known.output }
}

/** Keeps the answer for a repeat of the call; what its schema marks as secret is shown once and not kept. */
export function storeOutcome(
  transaction: TenantTransaction,
  { tenant, actor }: Caller,
  { key }: KeyedInput,
  output: unknown,
): void {
  transaction.queryWithCommit(sql`
    UPDATE platform.idempotency SET output = ${JSON.stringify(output)}::jsonb
    WHERE tenant_id = ${tenant.id} AND actor_id = ${actor.id} AND key = ${key}`)
}
