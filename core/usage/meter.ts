import type { Database } from '../database/database.ts'
import { prepared, sql, type Statement } from '../database/sql.ts'
import { BoundedMap } from '../identity/boundedMap.ts'
import type { Logger } from '../observability/log.ts'
import type { Clock } from '../operations/context.ts'
import { budgetExhausted } from './budgetFault.ts'
import type { Account, BudgetPeriod, BudgetWarning, ModelUse, PlannedCall } from './call.ts'
import { purseLike, type HeldPurse, type SpentTurn } from './purse.ts'
import { plannedRow, usedColumns, type PlannedRow } from './rows.ts'
import { TurnTab, type SettledPurse, type Settlement } from './tab.ts'

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
  /**
   * Waits for what is being settled on an account, or on any; `begin` waits for its own account by itself. A tab is settled
   * by this only where somebody may have to be told that a budget comes to its end.
   */
  settled(account?: Account): Promise<void>
  /**
   * The purse that a person's next turn is likely to need: as the last one of this conversation did, or else their last one
   * anywhere. Nothing is held back by this yet.
   */
  nextPurse(tenant: string, person: string, conversation: string, at?: Date): PlannedPurse | undefined
  /** A tab for one turn of a person, with the purse that was held back for it. */
  openTab(purse?: { readonly planned: PlannedPurse; readonly held: HeldPurse | null }): TurnTab
  /** Remembers what a turn used, for the purse of the next one. */
  remember(tenant: string, person: string, conversation: string, tab: TurnTab): void
  /** Settles by itself what was on a tab. Never rejects: what cannot be settled counts as all that was held back. */
  settle(tenant: string, settlement: Settlement): Promise<void>
}

/** A purse before it is held back: the call that it is planned as, and its row as `platform.reserve_purse` reads it. */
export interface PlannedPurse {
  readonly call: PlannedCall
  readonly row: PlannedRow
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

/** People, and conversations of theirs, whose last turn is remembered. */
const mostRemembered = 10_000

export function createUsageMeter(parts: MeterParts): UsageMeter {
  const settling = new Map<Account, Promise<void>>()
  const spent = new BoundedMap<SpentTurn>(mostRemembered)
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
      if (!account) return void (await Promise.all(settling.values()))
      await settled(account)
      if (account.tab?.mayWarn) await closeTab(parts, account.tenant, account.tab)
    },
    begin: async (call) => {
      const { account, pricing } = call
      const drawn = account.tab?.draw(call)
      if (drawn) return drawn
      await settled(account)
      // What is held back for other calls of the turn must not take the room of this one.
      if (account.tab) await closeTab(parts, account.tenant, account.tab)
      const open = await (pricing.basis === 'free' ? beginFree(parts, call) : beginPaid(parts, call))
      return {
        settle: (use) => {
          account.tab?.note(use)
          return follow(account, open.settle(use))
        },
      }
    },
    nextPurse: (tenant, person, conversation, at = parts.clock.now()) => {
      const last = spent.get(`${tenant} ${person} ${conversation}`) ?? spent.get(`${tenant} ${person}`)
      const call = last && purseLike(last, conversation)
      return call && { call, row: plannedRow(call, at) }
    },
    openTab: (purse) => {
      const known = purse?.held ? { held: purse.held, planned: purse.planned.call } : undefined
      return new TurnTab({ now: () => parts.clock.now(), settled: observed(parts) }, known)
    },
    remember: (tenant, person, conversation, tab) => {
      if (!tab.spent) return
      spent.set(`${tenant} ${person}`, tab.spent)
      spent.set(`${tenant} ${person} ${conversation}`, tab.spent)
    },
    settle: (tenant, settlement) => settleByItself(parts, tenant, settlement),
  }
}

const observed =
  ({ observe }: MeterParts): ConstructorParameters<typeof TurnTab>[0]['settled'] =>
  ({ model }, use, cost, currency) =>
    observe.settled({ model, use, cost, currency })

async function closeTab(parts: MeterParts, tenant: string, tab: TurnTab): Promise<void> {
  const settlement = tab.settlement()
  if (settlement) await settleByItself(parts, tenant, settlement)
}

async function settleByItself(
  { database, log }: MeterParts,
  tenant: string,
  settlement: Settlement,
): Promise<void> {
  const statement = sql`SELECT ${settleTab(settlement)} AS settled, ${notFlushed}`
  const rows = await database
    .write<{ settled: SettledPurse | null }>(tenant, prepared('tekup_settle_tab', statement))
    .catch((error: unknown) => log.error({ err: error }, 'the usage of a turn could not be settled'))
  settlement.tell(rows?.[0]?.settled ?? null)
}

/** What settles a tab, as part of a statement; it answers what `Settlement.tell` wants to know. */
export const settleTab = ({ json }: Settlement): Statement => sql`platform.settle_tab(${json}::jsonb)`

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
  { id, at, rates }: PlannedRow,
  use: ModelUse,
): Promise<void> {
  const used = { id, at, rates, heard: call.warn !== undefined, ...usedColumns(use) }
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
