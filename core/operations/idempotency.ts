import type { TenantTransaction } from '../database/database.ts'
import { sql, type Statement } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Caller } from './caller.ts'
import type { AnyOperation } from './operation.ts'

interface KeyedInput {
  readonly key: string
  readonly hash: string
}

/**
 * Claims the key for this transaction. Two calls with one key meet on the primary key: the second waits for the
 * first to commit and then gets its stored outcome, or runs itself when the first was rolled back. A key that was
 * committed without an outcome is that of a call that speaks with another system, or whose process died meanwhile.
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
  const [known] = await query<{ input_hash: string; output: unknown; is_open: boolean }>(sql`
    SELECT input_hash, output, output IS NULL AS is_open FROM platform.idempotency
    WHERE tenant_id = ${tenant.id} AND actor_id = ${actor.id} AND key = ${key}`)
  if (known?.input_hash !== hash) fail('idempotency_mismatch')
  if (known.is_open) fail('outcome_unknown')
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

/** The call did not come about, so a repeat of it is another attempt. */
export const releaseKey = ({ tenant, actor, idempotencyKey }: Caller): Statement => sql`
  DELETE FROM platform.idempotency
  WHERE tenant_id = ${tenant.id} AND actor_id = ${actor.id} AND key = ${idempotencyKey} AND output IS NULL`
