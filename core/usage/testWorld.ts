import { randomUUID } from 'node:crypto'
import { openDatabase, type Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { createLogger } from '../observability/log.ts'
import type { Caller } from '../operations/caller.ts'
import type { InputOf } from '../operations/operation.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { createBudget } from './budgets.ts'
import type { Account, ModelUse, PlannedCall } from './call.ts'
import { createUsageMeter, settleTab, type UsageMeter } from './meter.ts'
import type { HeldPurse } from './purse.ts'
import type { SettledPurse, TurnTab } from './tab.ts'

/** A company that nobody has used before, as two processes see it. */
export interface UsageWorld extends TestCore {
  /** The other process's way to the database. */
  readonly second: Database
  readonly meters: readonly [UsageMeter, UsageMeter]
  readonly clock: { now(): Date }
  now: Date
  account: Account
  caller: Caller
  /** Begins with another company, now. */
  anew(): void
  planned(change?: Partial<PlannedCall>): PlannedCall
  budget(change: Partial<InputOf<typeof createBudget>>): Promise<{ id: string }>
  run(operation: string, input: object): Promise<unknown>
  budgets(): Promise<readonly unknown[]>
  calls(): Promise<readonly Record<string, unknown>[]>
  /** Three minutes without a sign of life, without waiting for them. */
  leaseRunsOut(): Promise<unknown>
}

export const million = 1_000_000

/** One kr. for a million tokens, read or written. */
const price = { currency: 'DKK', input: million, cached: million / 2, output: million }

export async function usageWorld(): Promise<UsageWorld> {
  let now = new Date()
  // Budgets begin anew at midnight: what is spent and what is asked for is of one moment.
  const clock = { now: () => now }
  const core = await testCore([], {}, 'invented', clock)
  const second = openDatabase({ url: core.runtimeUrl })
  const meterOf = (database: Database) =>
    createUsageMeter({
      database,
      clock,
      log: createLogger({ level: 'silent', format: 'json' }),
      observe: { settled: () => undefined, refused: () => undefined },
    })
  const world: UsageWorld = {
    ...core,
    second,
    clock,
    get now() {
      return now
    },
    set now(moment) {
      now = moment
    },
    meters: [meterOf(core.database), meterOf(second)],
    caller: core.callerOf(randomUUID()),
    account: { tenant: '', agent: 'assistant', purpose: 'turn' },
    anew: () => {
      world.now = new Date()
      world.caller = core.callerOf(randomUUID())
      world.account = {
        tenant: world.caller.tenant.id,
        person: randomUUID(),
        agent: 'assistant',
        purpose: 'turn',
      }
    },
    planned: (change) => ({
      account: world.account,
      model: 'vendor/model',
      pricing: { basis: 'list', price },
      inputTokens: million,
      outputTokens: million,
      ...change,
    }),
    budget: async (change) => {
      const asked: InputOf<typeof createBudget> = {
        covers: 'company',
        period: 'month',
        mostCost: null,
        ...change,
      }
      return (await core.core.invoke(createBudget, asked, world.caller)).value
    },
    run: async (operation, input) =>
      (await core.core.invoke(core.core.registry.find(operation)!, input, world.caller)).value,
    budgets: async () => ((await world.run('platform.budgets.list', {})) as { items: unknown[] }).items,
    calls: async () =>
      ((await world.run('platform.usage.list', {})) as { items: Record<string, unknown>[] }).items,
    leaseRunsOut: () =>
      core.admin.query(
        `UPDATE platform.usage SET lease_until = now() - interval '1 second' WHERE tenant_id = $1 AND status = 'reserved'`,
        [world.account.tenant],
      ),
    close: async () => {
      await second.close()
      await core.close()
    },
  }
  world.anew()
  return world
}

export const use = (inputTokens: number, outputTokens: number, change: Partial<ModelUse> = {}): ModelUse => ({
  inputTokens,
  cachedTokens: 0,
  outputTokens,
  reasoningTokens: 0,
  milliseconds: 10,
  measured: 'reported',
  ...change,
})

export const exhausted = { code: 'budget_exhausted', status: 402 }

const databaseOf = ({ database, second }: UsageWorld, process: number): Database =>
  process === 0 ? database : second

/** Opens a turn's tab in one of the processes as the message's statement does: with the purse that follows from the turn before. */
export async function openTurn(
  world: UsageWorld,
  process: number,
  conversation: string = randomUUID(),
): Promise<TurnTab> {
  const { tenant, person } = world.account
  const meter = world.meters[process]!
  const planned = meter.nextPurse(tenant, person!, conversation)
  if (!planned) return meter.openTab()
  const [row] = await databaseOf(world, process).write<{ held: HeldPurse | null }>(
    tenant,
    sql`SELECT platform.reserve_purse(${JSON.stringify(planned.row)}::jsonb) AS held`,
  )
  return meter.openTab({ planned, held: row!.held })
}

/** Settles the turn as the statement after its end does. */
export async function endTurn(
  world: UsageWorld,
  tab: TurnTab,
  process: number,
  conversation: string = randomUUID(),
): Promise<void> {
  const { tenant, person } = world.account
  world.meters[process]!.remember(tenant, person!, conversation, tab)
  const settlement = tab.settlement()
  if (!settlement) return
  const [row] = await databaseOf(world, process).write<{ settled: SettledPurse | null }>(
    tenant,
    sql`SELECT ${settleTab(settlement)} AS settled`,
  )
  settlement.tell(row!.settled)
}
