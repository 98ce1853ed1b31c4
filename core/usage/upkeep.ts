import type { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import type { Clock } from '../operations/context.ts'
import { ratesAt } from './exchange.ts'

/** Days that every call is kept by itself; older ones are kept as sums by day. Longer than any budget's period. */
export const keptDays = 90

/** Calls that are rolled up in one statement, so that no lock is held for long. */
const mostAtOnce = 5_000

interface UpkeepParts {
  readonly database: Database
  readonly clock: Clock
}

/**
 * Gives up calls whose process died before it settled them, and sums old calls by day, in every company. May be run
 * by any number of processes at once, and be cut short at any point.
 */
export async function keepUsage({ database, clock }: UpkeepParts): Promise<void> {
  const now = clock.now()
  const before = new Date(now.getTime() - keptDays * 86_400_000).toISOString().slice(0, 10)
  const tenants = await database.platformStatement<{ tenant: string }>(
    sql`SELECT tenant FROM platform.tenants_with_old_usage(${before}) tenant`,
  )
  for (const { tenant } of tenants) {
    await database.write(
      tenant,
      sql`SELECT platform.release_abandoned(${JSON.stringify(ratesAt(now))}::jsonb)`,
    )
    await rollUp(database, tenant, before)
  }
}

async function rollUp(database: Database, tenant: string, before: string): Promise<void> {
  const [row] = await database.write<{ moved: number }>(
    tenant,
    sql`SELECT platform.roll_up_usage(${before}, ${mostAtOnce}) AS moved`,
  )
  if (row?.moved === mostAtOnce) await rollUp(database, tenant, before)
}
