import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  created,
  deleteOperation,
  expected,
  getOperation,
  idOf,
  Line,
  listOperation,
  operation,
  present,
  show,
  sql,
  Version,
} from '#core'
import { conditionInput, ConditionField, ConditionOperator, requireComplete } from './condition.ts'
import { ScoringRuleModel } from './rule.model.ts'
import { Per, ScoringRule, scoringRules } from './rule.ts'
import { scoreLead } from './score.ts'

const Points = z
  .int()
  .min(-1000)
  .max(1000)
  .meta({ description: 'Points that the lead is worth more, or less where it is negative', examples: [10] })

export const listScoringRules = listOperation(scoringRules, {
  name: 'leads.scoringRules.list',
  summary: 'List the rules that give leads their points',
})

const getScoringRule = getOperation(scoringRules, {
  name: 'leads.scoringRules.get',
  summary: 'Show one scoring rule',
})

export const createScoringRule = operation({
  name: 'leads.scoringRules.create',
  summary:
    'Create a rule that gives leads points where a field is known, is, contains or is at least something',
  effect: 'write',
  input: z.strictObject({ name: Line, ...conditionInput, points: Points, per: Per.default('lead') }),
  output: ScoringRule,
  async run(given, context) {
    requireComplete(given)
    const id = uuidv7()
    return created(
      context,
      scoringRules,
      id,
      ScoringRuleModel.create({
        tenantId: context.tenant.id,
        id,
        ...given,
        value: given.value ?? null,
      }),
    )
  },
})

export const updateScoringRule = operation({
  name: 'leads.scoringRules.update',
  summary: 'Change a scoring rule or switch it on or off; leads get their points anew when they next change',
  effect: 'write',
  input: z.strictObject({
    id: idOf(scoringRules),
    name: Line.optional(),
    field: ConditionField.optional(),
    operator: ConditionOperator.optional(),
    value: Line.nullish(),
    points: Points.optional(),
    per: Per.optional(),
    active: z.boolean().optional(),
    version: Version.optional(),
  }),
  output: ScoringRule,
  async run({ id, version, ...given }, context) {
    requireComplete({ ...(await show(context, scoringRules, id)), ...present(given) })
    const columns = { ...present(given), updatedAt: context.clock.now() }
    const where = expected({ id, version })
    return changed(context, scoringRules, id, ScoringRuleModel.update(columns, { where }))
  },
})

const deleteScoringRule = deleteOperation(scoringRules, {
  name: 'leads.scoringRules.delete',
  summary: 'Delete a scoring rule; the points that it has given stay',
  called: 'name',
  remove: (where) => ScoringRuleModel.destroy({ where }),
})

/** Leads that one call scores: some seconds at most. */
const batch = 200

export const applyScoringRules = operation({
  name: 'leads.scoringRules.apply',
  summary: 'Score all leads anew by the rules as they are now, some hundreds at a time',
  effect: 'write',
  input: z.strictObject({
    after: z.uuid().optional().meta({ description: 'The last lead of the call before' }),
  }),
  output: z.object({
    scored: z.int(),
    /** Where to go on, or null when all leads are scored. */
    next: z.uuid().nullable(),
  }),
  async run({ after }, context) {
    const ids = await context.query<{ id: string }>(sql`
      SELECT id FROM leads.leads WHERE ${after ?? null}::uuid IS NULL OR id > ${after ?? null}::uuid ORDER BY id LIMIT ${batch}`)
    for (const { id } of ids) await scoreLead(context, id, { event: uuidv7() })
    return { scored: ids.length, next: ids.length === batch ? ids.at(-1)!.id : null }
  },
})

export const scoringRuleOperations = [
  listScoringRules,
  getScoringRule,
  createScoringRule,
  updateScoringRule,
  deleteScoringRule,
  applyScoringRules,
]
