import { z } from 'zod'
import { byName, filter, raw, resource, sql, tracked } from '#core'
import { ConditionField, ConditionOperator } from '../scoring/condition.ts'

/** Who takes which leads: the first rule that fits decides, and its owners take turns. */
export const AssignmentRule = z.object({
  id: z.uuid(),
  name: z.string(),
  /** 1 is looked at first. */
  priority: z.int(),
  /** Null fits every lead. */
  field: ConditionField.nullable(),
  operator: ConditionOperator.nullable(),
  value: z.string().nullable(),
  owners: z.array(z.uuid()),
  ownerNames: z.array(z.string()),
  active: z.boolean(),
  ...tracked,
})

export const assignmentRules = resource({
  table: 'leads.assignment_rules',
  item: AssignmentRule,
  fields: {
    ownerNames: raw(`ARRAY(SELECT p.name FROM unnest(t.owners) WITH ORDINALITY o(id, nth)
      JOIN platform.people p ON p.id = o.id ORDER BY o.nth)`),
  },
  filters: { active: filter(z.boolean(), (active) => sql`t.active = ${active}`) },
  sorts: { priority: { expression: raw('t.priority'), type: 'integer' }, name: byName },
  defaultSort: 'priority',
  search: 'leads.search_assignment_rules',
})
