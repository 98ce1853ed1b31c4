import type { TenantTransaction } from '../database/database.ts'
import { sql, type Statement } from '../database/sql.ts'
import { fault } from '../errors.ts'
import type { CarryingOut } from './carryOut.ts'
import { endedEvent } from './events.ts'
import { rowColumns, type Row } from './record.ts'
import { endingOf } from './settle.ts'
import { sourceOf } from './source.ts'

const mostAtOnce = 500

interface Overdue {
  readonly tenant_id: string
  readonly ids: readonly string[]
}

/** Ends what nobody answered in time, in every company, and tells of each; whoever is faster tells it, once. */
export async function expireOverdue({ database, outbox, log }: CarryingOut): Promise<void> {
  const found = await database.platformStatement<Overdue>(
    sql`SELECT * FROM platform.overdue_approvals(${mostAtOnce}::integer)`,
  )
  for (const { tenant_id: tenant, ids } of found) {
    await database
      .transaction(tenant, 'READ WRITE', (transaction) =>
        expire({ outbox }, transaction, sql`t.id = ANY(${[...ids]}::uuid[])`),
      )
      .catch((error: unknown) => log.error({ err: error, tenant }, 'approvals could not be ended in time'))
  }
}

/** Those of the company that are overdue, among the ones that are meant. */
export async function expire(
  { outbox }: Pick<CarryingOut, 'outbox'>,
  transaction: TenantTransaction,
  among: Statement,
): Promise<void> {
  const { code, outcome } = endingOf(fault('approval_expired'))
  const rows = await transaction.query<Row>(sql`
    UPDATE platform.approvals t SET status = 'expired', code = ${code}, outcome = ${JSON.stringify(outcome)}::jsonb
    WHERE t.tenant_id = (SELECT app.tenant()) AND ${among} AND t.status = 'pending' AND t.expires_at <= now()
    RETURNING ${rowColumns}`)
  for (const row of rows) outbox.store(transaction, sourceOf(row), [endedEvent(row, 'expired')])
}
