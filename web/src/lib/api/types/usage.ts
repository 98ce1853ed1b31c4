export const budgetCovers = ['company', 'person', 'agent'] as const

export type BudgetCovers = (typeof budgetCovers)[number]

export type BudgetPeriod = 'day' | 'month'

/** What models may cost in a period. Without a person or agent, each of them has this much. */
export type Budget = {
  id: string
  covers: BudgetCovers
  personId: string | null
  agentId: string | null
  period: BudgetPeriod
  mostCost: number | null
  currency: string
  mostTokens: number | null
  warnPercent: number
  spentCost: number
  spentTokens: number
  usedPercent: number
  renewsAt: string
  version: number
}

export const usageGroupings = ['model', 'agent', 'person', 'conversation'] as const

export type UsageGrouping = (typeof usageGroupings)[number]

export type UsageSums = { calls: number; inputTokens: number; outputTokens: number; milliseconds: number; cost: number; estimatedCalls: number; dearestCalls: number } // prettier-ignore

export type UsageGroup = UsageSums & { key: string | null; name: string | null }

export type UsageOverview = UsageSums & {
  from: string
  to: string
  currency: string
  days: (UsageSums & { day: string })[]
  groups: UsageGroup[]
}
