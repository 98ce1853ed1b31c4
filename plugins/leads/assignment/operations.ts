import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  Colleague,
  created,
  deleteOperation,
  expected,
  getOperation,
  idOf,
  Line,
  listOperation,
  operation,
  present,
  requireColleague,
  show,
  sql,
  Version,
  type WriteContext,
} from '#core'
import { ConditionField, ConditionOperator, requireComplete } from '../scoring/condition.ts'
import { AssignmentRuleModel } from './rule.model.ts'
import { AssignmentRule, assignmentRules } from './rule.ts'

const Owners = z.array(Colleague).min(1).max(50).meta({ description: 'Who takes such leads, in turn' })
const condition = {
  field: ConditionField.nullish().meta({ description: 'Left out, the rule fits every lead' }),
  operator: ConditionOperator.nullish(),
  value: Line.nullish(),
}
const Priority = z.int().min(1).max(1000).meta({ description: '1 is looked at first' })

export const listAssignmentRules = listOperation(assignmentRules, {
  name: 'leads.assignmentRules.list',
  summary: 'List the rules that say who takes which leads',
})

const getAssignmentRule = getOperation(assignmentRules, {
  name: 'leads.assignmentRules.get',
  summary: 'Show one assignment rule',
})

export const createAssignmentRule = operation({
  name: 'leads.assignmentRules.create',
  summary: 'Create a rule that gives new leads to one colleague, or to several in turn',
  effect: 'write',
  input: z.strictObject({ name: Line, owners: Owners, ...condition, priority: Priority.optional() }),
  output: AssignmentRule,
  async run({ priority, ...given }, context) {
    requireWhole(given)
    await requireColleagues(context, given.owners)
    const id = uuidv7()
    const row = {
      ...given,
      field: given.field ?? null,
      operator: given.operator ?? null,
      value: given.value ?? null,
    }
    return created(
      context,
      assignmentRules,
      id,
      AssignmentRuleModel.create({
        tenantId: context.tenant.id,
        id,
        ...row,
        priority: priority ?? (await lastPriority(context)) + 1,
      }),
    )
  },
})

const updateAssignmentRule = operation({
  name: 'leads.assignmentRules.update',
  summary:
    'Change who takes which leads: the condition, the colleagues, the priority, or switch the rule on or off',
  effect: 'write',
  input: z.strictObject({
    id: idOf(assignmentRules),
    name: Line.optional(),
    owners: Owners.optional(),
    ...condition,
    priority: Priority.optional(),
    active: z.boolean().optional(),
    version: Version.optional(),
  }),
  output: AssignmentRule,
  async run({ id, version, ...given }, context) {
    requireWhole({ ...(await show(context, assignmentRules, id)), ...present(given) })
    await requireColleagues(context, given.owners ?? [])
    const columns = { ...present(given), updatedAt: context.clock.now() }
    const where = expected({ id, version })
    return changed(context, assignmentRules, id, AssignmentRuleModel.update(columns, { where }))
  },
})

const deleteAssignmentRule = deleteOperation(assignmentRules, {
  name: 'leads.assignmentRules.delete',
  summary: 'Delete an assignment rule; leads that it has given away stay where they are',
  called: 'name',
  remove: (where) => AssignmentRuleModel.destroy({ where }),
})

export const assignmentRuleOperations = [
  listAssignmentRules,
  getAssignmentRule,
  createAssignmentRule,
  updateAssignmentRule,
  deleteAssignmentRule,
]

interface Whole {
  readonly field?: z.output<typeof ConditionField> | null | undefined
  readonly operator?: z.output<typeof ConditionOperator> | null | undefined
  readonly value?: string | null | undefined
}

/** A field without a comparison, or the other way round, would fit nobody or everybody by mistake. */
function requireWhole({ field, operator, value }: Whole): void {
  if ((field ?? null) === null && (operator ?? null) === null) return
  requireComplete({ operator: operator ?? 'is', value: field ? value : null })
}

async function requireColleagues(context: WriteContext, people: readonly string[]): Promise<void> {
  for (const person of people) await requireColleague(context, person)
}

async function lastPriority(context: WriteContext): Promise<number> {
  const [row] = await context.query<{ priority: number }>(
    sql`SELECT coalesce(max(priority), 0)::integer AS priority FROM leads.assignment_rules`,
  )
  return row?.priority ?? 0
}
