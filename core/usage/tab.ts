import { v7 } from 'uuid'
import type { BudgetWarning, ModelUse, PlannedCall } from './call.ts'
import { ratesAt } from './exchange.ts'
import type { OpenCall } from './meter.ts'
import { costOf, isOfPurse, paymentOf, type HeldPurse, type Purse, type SpentTurn } from './purse.ts'
import { plannedRow, usedColumns } from './rows.ts'

/** A call that is paid from the purse; without a use it is still under way. */
interface PurseCall {
  readonly call: PlannedCall
  use?: ModelUse
}

/** What the purse came to, as `platform.settle_purse` answers it. */
export interface SettledPurse {
  readonly warnings: readonly BudgetWarning[]
}

/** Settles what has gathered on a tab, as `platform.settle_tab` reads it; whoever took it must tell what came of it. */
export interface Settlement {
  readonly json: string
  readonly tell: (settled: SettledPurse | null) => void
}

export interface TabParts {
  readonly now: () => Date
  readonly settled: (call: PlannedCall, use: ModelUse, cost: number, currency: string) => void
}

/**
 * What the calls of one turn use, counted after the turn's end instead of call by call: those that its purse has room for,
 * and those that cost nothing. A call that it has no room for is reserved by itself, as any other.
 */
export class TurnTab {
  readonly #parts: TabParts
  #purse: Purse | undefined
  #calls: PurseCall[] = []
  #free: object[] = []
  #spent: SpentTurn | undefined

  constructor(parts: TabParts, purse: Purse | undefined) {
    this.#parts = parts
    this.#purse = purse
  }

  /** What a purse for the next such turn follows from; nothing where nothing was paid for. */
  get spent(): SpentTurn | undefined {
    return this.#spent
  }

  /** Whether calls of this turn may bring a budget near its end, so that the answer would have to tell of it. */
  get mayWarn(): boolean {
    if (!this.#purse || this.#calls.length === 0) return false
    const { warnCost, warnTokens } = this.#purse.held
    const { cost, tokens } = this.#used()
    return (warnCost !== null && cost >= warnCost) || (warnTokens !== null && tokens >= warnTokens)
  }

  /** Pays for a call from the purse, where it has room for it; a call that costs nothing needs none. */
  draw(call: PlannedCall): OpenCall | undefined {
    if (call.pricing.basis === 'free') return { settle: async (use) => this.#settleFree(call, use) }
    this.#plan(call)
    if (!this.#hasRoom(call)) return undefined
    const drawn: PurseCall = { call }
    this.#calls.push(drawn)
    return {
      settle: async (use) => {
        drawn.use ??= use
        this.note(use)
      },
    }
  }

  /** Notes what a paid call used, wherever it was counted. */
  note({ inputTokens, outputTokens }: ModelUse): void {
    if (!this.#spent) return
    const { input, output } = this.#spent.used
    this.#spent = { ...this.#spent, used: { input: input + inputTokens, output: output + outputTokens } }
  }

  /**
   * Takes what there is to settle; nothing more is drawn from the purse then. A call that is still under way counts as all that
   * was planned for it: nobody would settle it later.
   */
  settlement(): Settlement | undefined {
    const [purse, calls, free] = [this.#purse, this.#calls, this.#free]
    if (!purse && free.length === 0) return undefined
    this.#purse = undefined
    this.#calls = []
    this.#free = []
    const heard = calls.find(({ call }) => call.warn)?.call.warn
    return {
      json: JSON.stringify({
        free,
        ...(purse && { purse: settledPurse(purse, calls, this.#parts.now(), heard !== undefined) }),
      }),
      tell: (settled) => {
        if (!purse || !settled) return
        for (const { call, use = mostOf(call) } of calls)
          this.#parts.settled(call, use, costOf(purse.held, use), purse.held.currency)
        for (const warning of settled.warnings) heard?.(warning)
      },
    }
  }

  #settleFree(call: PlannedCall, use: ModelUse): void {
    this.#free.push({ ...plannedRow(call, this.#parts.now()), ...usedColumns(use) })
    this.#parts.settled(call, use, 0, '')
  }

  #plan(call: PlannedCall): void {
    const { used = { input: 0, output: 0 }, planned = { input: 0, output: 0 } } = this.#spent ?? {}
    const most = {
      input: Math.max(planned.input, call.inputTokens),
      output: Math.max(planned.output, call.outputTokens),
    }
    this.#spent = { last: paymentOf(call), used, planned: most }
  }

  #hasRoom(call: PlannedCall): boolean {
    if (!this.#purse || !isOfPurse(this.#purse, call)) return false
    const { held } = this.#purse
    const { cost, tokens } = this.#used()
    const next = mostOf(call)
    return (
      cost + costOf(held, next) <= held.cost && tokens + next.inputTokens + next.outputTokens <= held.tokens
    )
  }

  /** What was used, and what may be by calls that are under way. */
  #used(): { cost: number; tokens: number } {
    const uses = this.#calls.map(({ call, use }) => use ?? mostOf(call))
    return totalOf(this.#purse!.held, uses)
  }
}

function settledPurse({ held }: Purse, calls: readonly PurseCall[], now: Date, heard: boolean) {
  const uses = calls.map(({ call, use = mostOf(call) }) => use)
  return {
    id: held.id,
    at: held.at,
    zone: held.zone,
    rates: ratesAt(now),
    heard,
    ...totalOf(held, uses),
    used: [...Map.groupBy(uses, ({ measured }) => measured).values()].map((alike) => usedRow(held, alike)),
  }
}

/** What calls that were counted alike used, as columns of one row. */
const usedRow = (held: HeldPurse, uses: readonly ModelUse[]) => ({
  id: v7(),
  calls: uses.length,
  cost: totalOf(held, uses).cost,
  ...usedColumns(uses.reduce(sumOf)),
})

const sumOf = (sum: ModelUse, use: ModelUse): ModelUse => ({
  inputTokens: sum.inputTokens + use.inputTokens,
  cachedTokens: sum.cachedTokens + use.cachedTokens,
  outputTokens: sum.outputTokens + use.outputTokens,
  reasoningTokens: sum.reasoningTokens + use.reasoningTokens,
  milliseconds: sum.milliseconds + use.milliseconds,
  measured: use.measured,
})

/** Each call's cost is rounded up by itself. */
const totalOf = (held: HeldPurse, uses: readonly ModelUse[]) => ({
  cost: uses.reduce((sum, use) => sum + costOf(held, use), 0),
  tokens: uses.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
})

/** What a call may use at most. */
const mostOf = ({ inputTokens, outputTokens }: PlannedCall): ModelUse => ({
  inputTokens,
  cachedTokens: 0,
  outputTokens,
  reasoningTokens: 0,
  milliseconds: 0,
  measured: 'estimated',
})
