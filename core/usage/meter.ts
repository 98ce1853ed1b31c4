import { v7 } from 'uuid'
import type { Database } from '../database/database.ts'
import { prepared, sql } from '../database/sql.ts'
import type { Logger } from '../observability/log.ts'
import type { Clock } from '../operations/context.ts'
import { budgetExhausted } from './budgetFault.ts'
import type { Account, BudgetPeriod, BudgetWarning, ModelUse, PlannedCall } from './call.ts'
import { ratesAt } from './exchange.ts'

/** A call of a model that may be made. Settle it whatever becomes of it; what never is counts as all that was held back. */
export interface OpenCall {
  /** Never rejects. Need not be waited for: whoever must know that it is done asks the meter. */
  settle(use: ModelUse): Promise<void>
}

/** Every call of a model passes here first. */
export interface UsageMeter {
  /**
   * Holds back what the call may use at most: one exchange, and none for a call that is free. Refuses with
   * `budget_exhausted` when a budget that it counts against has no room for it.
   */
  begin(call: PlannedCall): Promise<OpenCall>
  /** Waits for what is being settled on an account, or on any; `begin` waits for its own account by itself. */
  settled(account?: Account): Promise<void>
}

/** One call that is over, for the metrics. */
export interface MeteredCall {
  readonly model: string
  readonly use: ModelUse
  /** Micro-units of `currency`. */
  readonly cost: number
  readonly currency: string
}

export interface MeterObserver {
  settled(call: MeteredCall): void
  refused(refusal: BudgetPeriod): void
}

export interface MeterParts {
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  readonly observe: MeterObserver
}

/** Seconds until a call that nobody settles is given up: longer than any call may take. */
const leaseSeconds = 180

export function createUsageMeter(parts: MeterParts): UsageMeter {
  const settling = new Map<Account, Promise<void>>()
  const settled = async (account: Account): Promise<void> => settling.get(account)
  const follow = (account: Account, settlement: Promise<void>): Promise<void> => {
    const all = Promise.all([settling.get(account), settlement]).then(() => {
      if (settling.get(account) === all) settling.delete(account)
    })
    settling.set(account, all)
    return all
  }
  return {
    settled: async (account) => {
      if (account) return settled(account)
      await Promise.all(settling.values())
    },
    begin: async (call) => {
      const { account, pricing } = call
      await settled(account)
      const open = await (pricing.basis === 'free' ? beginFree(parts, call) : beginPaid(parts, call))
      return { settle: (use) => follow(account, open.settle(use)) }
    },
  }
}

async function beginPaid(parts: MeterParts, call: PlannedCall): Promise<OpenCall> {
  const { database, clock, observe } = parts
  const planned = plannedRow(call, clock.now())
  const [row] = await database.write<{ refusal: BudgetPeriod | null }>(
    call.account.tenant,
    prepared(
      'tekup_reserve_usage',
      sql`SELECT platform.reserve_usage(${JSON.stringify(planned)}::jsonb) AS refusal`,
    ),
  )
  if (row?.refusal) {
    observe.refused(row.refusal)
    throw budgetExhausted(row.refusal)
  }
  return { settle: (use) => settlePaid(parts, call, planned, use) }
}

/**
 * The commit does not wait for the disk (PostgreSQL: Asynchronous Commit): should the machine lose power in the next moment,
 * a call counts as all that was held back, as one whose process died.
 */
const notFlushed = sql`set_config('synchronous_commit', 'off', true)`

interface Settled {
  readonly cost: number
  readonly currency: string
  readonly warnings: readonly BudgetWarning[]
}

/** A call that cannot be settled now is not lost: its lease runs out, and all that was held back is counted. */
async function settlePaid(
  { database, log, observe }: MeterParts,
  call: PlannedCall,
  { id, rates }: PlannedRow,
  use: ModelUse,
): Promise<void> {
  const used = { id, rates, heard: call.warn !== undefined, ...usedColumns(use) }
  const rows = await database
    .write<{ settled: Settled | null }>(
      call.account.tenant,
      prepared(
        'tekup_settle_usage',
        sql`SELECT platform.settle_usage(${JSON.stringify(used)}::jsonb) AS settled, ${notFlushed}`,
      ),
    )
    .catch((error: unknown) =>
      log.error({ err: error, usage: id }, 'the usage of a model could not be settled'),
    )
  const settled = rows?.[0]?.settled
  if (!settled) return
  observe.settled({ model: call.model, use, cost: settled.cost, currency: settled.currency })
  for (const warning of settled.warnings) call.warn?.(warning)
}

async function beginFree(
  { database, clock, log, observe }: MeterParts,
  call: PlannedCall,
): Promise<OpenCall> {
  const planned = plannedRow(call, clock.now())
  return {
    settle: async (use) => {
      const over = { ...planned, ...usedColumns(use) }
      observe.settled({ model: call.model, use, cost: 0, currency: '' })
      await database
        .write(
          call.account.tenant,
          prepared(
            'tekup_record_free_usage',
            sql`SELECT platform.record_free_usage(${JSON.stringify(over)}::jsonb), ${notFlushed}`,
          ),
        )
        .catch((error: unknown) =>
          log.error({ err: error }, 'a free call of a model could not be written down'),
        )
    },
  }
}

type PlannedRow = ReturnType<typeof plannedRow>

/** The call as `platform.planned_call` reads it: the columns of its row, and what its price follows from. */
function plannedRow({ account, model, pricing, inputTokens, outputTokens }: PlannedCall, at: Date) {
  return {
    id: v7(),
    at,
    person_id: account.person ?? null,
    agent_id: account.agent,
    conversation_id: account.conversation ?? null,
    purpose: account.purpose,
    model,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    priced: pricing.basis,
    price: pricing.basis === 'free' ? freeOfCharge : pricing.price,
    rates: ratesAt(at),
    lease_seconds: leaseSeconds,
  }
}

const freeOfCharge = { currency: 'USD', input: 0, cached: 0, output: 0 }

const usedColumns = (use: ModelUse) => ({
  input_tokens: use.inputTokens,
  cached_tokens: use.cachedTokens,
  output_tokens: use.outputTokens,
  reasoning_tokens: use.reasoningTokens,
  milliseconds: Math.round(use.milliseconds),
  measured: use.measured,
})
