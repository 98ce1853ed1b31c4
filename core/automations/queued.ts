import { sql } from '../database/sql.ts'
import type { ErrorCode } from './reasons.ts'
import type { WriteContext } from '../operations/context.ts'

/** Ends what waits to be done by one automation, or by all of the company's, with the reason. */
export async function cancelQueued(
  context: WriteContext,
  why: ErrorCode,
  automation?: string,
): Promise<void> {
  await context.query(
    sql`SELECT platform.cancel_runs(${context.tenant.id}::uuid, ${automation ?? null}::uuid, ${why})`,
  )
}
