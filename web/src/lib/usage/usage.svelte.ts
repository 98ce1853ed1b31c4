import { api } from '#lib/api/client.ts'
import type {
  Budget,
  BudgetCovers,
  BudgetPeriod,
  Page,
  UsageGrouping,
  UsageOverview,
} from '#lib/api/types.ts'
import { daysOf, type Month } from './month.ts'

/** What a form gives; what is undefined is not said at all. */
export type BudgetInput = {
  covers: BudgetCovers
  personId?: string | undefined
  agentId?: string | undefined
  period: BudgetPeriod
  mostCost: number | null
  mostTokens: number | null
  warnPercent: number
}

/** What models have used in a month, and what they may use. */
export class Usage {
  overview = $state.raw<UsageOverview>()
  budgets = $state.raw<Budget[]>()
  problem = $state<unknown>()
  #asked = 0

  async load(month: Month, by: UsageGrouping) {
    const asked = ++this.#asked
    this.problem = undefined
    const days = daysOf(month)
    const body = { from: days[0], to: days.at(-1), by }
    try {
      const overview = await api<UsageOverview>('/platform/usage/overview', { method: 'POST', body })
      // The answer to an earlier choice may come later.
      if (asked === this.#asked) this.overview = overview
    } catch (error) {
      if (asked === this.#asked) this.problem = error
    }
  }

  async loadBudgets() {
    this.budgets = (await api<Page<Budget>>('/platform/budgets?limit=100')).items
  }

  async save({ covers, personId, agentId, period, ...limits }: BudgetInput, before?: Budget) {
    if (before)
      await api(`/platform/budgets/${before.id}`, { method: 'PATCH', body: { ...limits, version: before.version } }) // prettier-ignore
    else
      await api('/platform/budgets', {
        method: 'POST',
        body: { covers, personId, agentId, period, ...limits },
      })
    await this.loadBudgets()
  }

  /** The first call, without a token, throws `confirmation_required`. */
  async remove({ id }: Budget, confirmation?: string) {
    await api(`/platform/budgets/${id}`, { method: 'DELETE', confirmation })
    await this.loadBudgets()
  }
}
