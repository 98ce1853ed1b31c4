import type { Database } from '../database/database.ts'
import { sql, type Statement } from '../database/sql.ts'
import { compactOutput } from '../conversations/output.ts'
import { fail } from '../errors.ts'
import type { Approvals } from '../operations/approval.ts'
import { createApprovers, type Approvers } from './approvers.ts'
import { ask, tell } from './ask.ts'
import { carryOut, doneSentence, idleSeconds, type CarryingOut } from './carryOut.ts'
import { decide } from './policy.ts'
import { rowColumns, type Row } from './record.ts'
import { endedEvent } from './events.ts'
import { expireOverdue } from './expire.ts'
import { neverOrOnce, settled } from './sentences.ts'
import { raiseUntrusted, settle } from './settle.ts'

/** The approvals as the core has them: what `invoke` asks, and what runs by the clock. */
export interface ApprovalDesk extends Approvals {
  /** Who alone approves what is asked in some place. */
  readonly approvers: Approvers
  carryOut(tenant: string, id: string): Promise<void>
  /** Carries out what was approved and whose process is gone, and ends what nobody answered; at the start and now and then. */
  recover(): Promise<void>
}

export function createApprovals(given: Omit<CarryingOut, 'approvers'>): ApprovalDesk {
  const { database, outbox, clock, registry } = given
  const approvers = createApprovers(registry.plugins.flatMap((plugin) => plugin.approvers ?? []))
  const parts: CarryingOut = { ...given, approvers }
  return {
    approvers,
    decide: (call) => decide(parts, call),
    tell: (call) => tell(parts, call),
    ask: (call) => ask(parts, call),
    carryOut: (tenant, id) => carryOut(parts, tenant, id),
    recover: () => recover(parts, database),
    claim: async ({ query }, { approval, operation, hash }) => {
      const claimed = await query(sql`
        SELECT 1 FROM platform.approvals
        WHERE tenant_id = (SELECT app.tenant()) AND id = ${approval} AND status = 'approved'
          AND operation = ${operation.name} AND coalesce(changed_hash, input_hash) = ${hash} FOR UPDATE`)
      if (claimed.length === 0) fail('approval_settled', { sentence: neverOrOnce })
      if (operation.outside) await query(leaveAlone(approval))
    },
    done: async (transaction, { approval, operation, caller }, input, output) => {
      const [row] = await transaction.query<Row>(
        sql`SELECT ${rowColumns} FROM platform.approvals t WHERE t.tenant_id = (SELECT app.tenant()) AND t.id = ${approval}`,
      )
      if (!row) return
      if (operation.untrusted) await raiseUntrusted(transaction, row)
      const ended = await settle(transaction, row, 'approved', {
        status: 'done',
        code: null,
        outcome: doneSentence(parts, operation, input, output),
        output: compactOutput(output),
        telling: row.changed_words ? settled.changed : settled.done,
        decider: row.decider_name ?? '',
        now: clock.now(),
      })
      if (ended) outbox.store(transaction, caller, [endedEvent(row, 'done')])
    },
  }
}

/** Minutes more that a call is left alone which speaks with another system: that may take its time. */
const outsideMinutes = 5

const leaveAlone = (approval: string): Statement => sql`
  UPDATE platform.approvals SET tried_at = now() + make_interval(mins => ${outsideMinutes})
  WHERE tenant_id = (SELECT app.tenant()) AND id = ${approval}`

const mostAtOnce = 100

interface Found {
  readonly tenant_id: string
  readonly id: string
}

async function recover(parts: CarryingOut, database: Database): Promise<void> {
  await expireOverdue(parts)
  const found = await database.platform(({ query }) =>
    query<Found>(sql`SELECT * FROM platform.unfinished_approvals(${idleSeconds}, ${mostAtOnce})`),
  )
  for (const { tenant_id: tenant, id } of found) {
    await carryOut(parts, tenant, id).catch((error: unknown) =>
      parts.log.error({ err: error, approval: id }, 'an approval could not be carried out'),
    )
  }
}
