import { z } from 'zod'
import { byName, filter, raw, resource, sql, tracked } from '#core'
import { ConditionField, ConditionOperator } from './condition.ts'

export const Per = z.enum(['lead', 'capture'])

/** What makes a lead worth more, or less. */
export const ScoringRule = z.object({
  id: z.uuid(),
  name: z.string(),
  /** `lead`: once, while it holds; `capture`: each time that they write to us. */
  per: Per,
  field: ConditionField,
  operator: ConditionOperator,
  value: z.string().nullable(),
  points: z.int(),
  active: z.boolean(),
  ...tracked,
})
export type ScoringRule = z.output<typeof ScoringRule>

export const scoringRules = resource({
  table: 'leads.scoring_rules',
  item: ScoringRule,
  filters: { active: filter(z.boolean(), (active) => sql`t.active = ${active}`) },
  sorts: { name: byName, points: { expression: raw('t.points'), type: 'integer' } },
  defaultSort: '-points',
  search: 'leads.search_scoring_rules',
})
