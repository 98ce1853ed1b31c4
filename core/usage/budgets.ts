import { v7 } from 'uuid'
import { z } from 'zod'
import { raw, sql, type Statement } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { ReadContext, WriteContext } from '../operations/context.ts'
import { operation } from '../operations/operation.ts'
import { getOperation, idOf, listOperation } from '../resources/reads.ts'
import { filter, itemStatement, resource, type Resource } from '../resources/resource.ts'
import { currencies, ratesAt } from './exchange.ts'

const covers = z.enum(['company', 'person', 'agent'])
const period = z.enum(['day', 'month'])
/** Minor units. */
const cost = z
  .int()
  .min(0)
  .max(10 ** 12)
const tokens = z
  .int()
  .min(0)
  .max(10 ** 12)
const warnPercent = z.int().min(1).max(99)
const time = z.iso.datetime({ offset: true })
const personId = z.uuid().meta({ refers: 'platform.people' })
const agentId = z.string().min(1).max(100)

const Budget = z.object({
  id: z.uuid(),
  covers,
  /** Whose it is; when it covers a person and none is named, each person has this much. */
  personId: z.uuid().nullable(),
  agentId: z.string().nullable(),
  period,
  mostCost: cost.nullable().meta({ kind: 'money' }),
  currency: z.string(),
  mostTokens: tokens.nullable(),
  warnPercent,
  /** Of this period; where each person or agent has the budget, of the one who has used most of it. */
  spentCost: z.int().meta({ kind: 'money' }),
  spentTokens: z.int(),
  usedPercent: z.int(),
  renewsAt: time,
  version: z.int(),
})

const budgets = resource({
  table: 'platform.budget_list',
  item: Budget,
  fields: {
    personId: raw(`CASE WHEN t.covers = 'person' THEN t.subject_id END`),
    agentId: raw(`CASE WHEN t.covers = 'agent' THEN t.subject_id END`),
  },
  filters: {
    covers: filter(covers, (value) => sql`t.covers = ${value}`),
    personId: filter(personId, (value) => sql`t.covers = 'person' AND t.subject_id = ${value}`),
  },
  sorts: { covers: { expression: raw('t.covers'), type: 'text' } },
  defaultSort: 'covers',
})
const id = idOf({ table: 'platform.budgets' })

const listBudgets = listOperation(budgets, {
  name: 'platform.budgets.list',
  summary: 'List the budgets for models, with what is used of each in its period',
})

const readBudget = getOperation(budgets, {
  name: 'platform.budgets.get',
  summary: 'Get one budget for models, with what is used of it in its period',
})
const getBudget = { ...readBudget, input: z.strictObject({ id }) }

export const createBudget = operation({
  name: 'platform.budgets.create',
  summary:
    'Set a budget for models: at most so much money or so many tokens in a day or month, for all, a person or an agent',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({
    covers,
    personId: personId.optional(),
    agentId: agentId.optional(),
    period,
    mostCost: cost.nullable().meta({ kind: 'money', description: 'Minor units: 50000 is 500,00 kr.' }),
    currency: z.enum(currencies as [string, ...string[]]).optional(),
    mostTokens: tokens.nullable().optional(),
    warnPercent: warnPercent.default(80),
  }),
  output: Budget,
  async run(asked, context) {
    requireSomeLimit(asked.mostCost, asked.mostTokens)
    const [made, subject] = [v7(), await subjectOf(asked, context)]
    const currency = asked.currency ?? (await companyCurrency(context))
    await context.query(sql`
      INSERT INTO platform.budgets (tenant_id, id, covers, subject_id, period, most_cost, currency, most_tokens, warn_percent)
      VALUES (${context.tenant.id}, ${made}, ${asked.covers}, ${subject}, ${asked.period}, ${asked.mostCost}, ${currency},
        ${asked.mostTokens ?? null}, ${asked.warnPercent})`)
    await countWhatWasUsed(context, made)
    return budgetById(context, made)
  },
})

export const updateBudget = operation({
  name: 'platform.budgets.update',
  summary: 'Raise or lower a budget for models, or when it warns',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({
    id,
    mostCost: cost.nullable().optional().meta({ kind: 'money' }),
    mostTokens: tokens.nullable().optional(),
    warnPercent: warnPercent.optional(),
    version: z.int().optional(),
  }),
  output: Budget,
  async run({ id: wanted, version, ...changes }, context) {
    const current = await budgetById(context, wanted)
    if (version !== undefined && version !== current.version) fail('version_conflict')
    const {
      mostCost = current.mostCost,
      mostTokens = current.mostTokens,
      warnPercent: warns = current.warnPercent,
    } = changes
    requireSomeLimit(mostCost, mostTokens)
    const changed = await context.query(sql`
      UPDATE platform.budgets SET most_cost = ${mostCost}, most_tokens = ${mostTokens}, warn_percent = ${warns}
      WHERE tenant_id = ${context.tenant.id} AND id = ${wanted} AND version = ${current.version} RETURNING 1`)
    if (changed.length === 0) fail('version_conflict')
    // Whoever was told that the old one came to an end has not been told of this one.
    await context.query(sql`
      UPDATE platform.usage_counters SET warned_at = NULL WHERE tenant_id = ${context.tenant.id} AND budget_id = ${wanted}`)
    return budgetById(context, wanted)
  },
})

const deleteBudget = operation({
  name: 'platform.budgets.delete',
  summary: 'Remove a budget for models, so that nothing stops at it any more',
  effect: 'destroy',
  personOnly: true,
  input: z.strictObject({ id }),
  output: z.object({ id: z.uuid() }),
  async run({ id: wanted }, context) {
    const gone = await context.query(
      sql`DELETE FROM platform.budgets WHERE tenant_id = ${context.tenant.id} AND id = ${wanted} RETURNING 1`,
    )
    return gone.length > 0 ? { id: wanted } : fail('not_found')
  },
})

export const budgetOperations = [listBudgets, getBudget, createBudget, updateBudget, deleteBudget]

function requireSomeLimit(mostCost: number | null, mostTokens: number | null | undefined): void {
  if (mostCost === null && (mostTokens ?? null) === null) fail('invalid_input', { problem: noLimit })
}

const noLimit = {
  da: 'et budget skal have et beløb, et antal tokens eller begge dele.',
  en: 'a budget needs an amount, a number of tokens, or both.',
}

interface Whose {
  readonly covers: z.output<typeof covers>
  readonly personId?: string | undefined
  readonly agentId?: string | undefined
}

/** The person or agent that a budget is for, or null for each of them. */
async function subjectOf(
  { covers: covered, personId: person, agentId: agent }: Whose,
  context: ReadContext | WriteContext,
) {
  const isStray =
    (person !== undefined && covered !== 'person') || (agent !== undefined && covered !== 'agent')
  if (isStray) fail('conflict', { reason: strayOwner })
  if (person !== undefined) {
    const members = await context.query(
      sql`SELECT 1 FROM platform.members WHERE tenant_id = ${context.tenant.id} AND id = ${person}`,
    )
    if (members.length === 0) fail('not_found')
  }
  return person ?? agent ?? null
}

const strayOwner = {
  da: 'en medarbejder eller en agent kan kun nævnes, når budgettet dækker netop den slags.',
  en: 'a person or an agent can only be named where the budget covers that kind.',
}

async function companyCurrency(context: WriteContext): Promise<string> {
  const [row] = await context.query<{ currency: string }>(
    sql`SELECT platform.usage_currency(${ratesNow(context)}::jsonb) AS currency`,
  )
  return row!.currency
}

/** A budget that is made in the middle of its period counts what was used before it. */
const countWhatWasUsed = (context: WriteContext, budget: string): Promise<unknown> =>
  context.query(
    sql`SELECT platform.open_counters(${budget}, ${context.clock.now()}, ${ratesNow(context)}::jsonb)`,
  )

const ratesNow = ({ clock }: WriteContext): string => JSON.stringify(ratesAt(clock.now()))

async function budgetById(context: WriteContext, wanted: string): Promise<z.output<typeof Budget>> {
  const [row] = await context.query<{ json: string }>(budgetStatement(wanted))
  return row ? Budget.parse(JSON.parse(row.json)) : fail('not_found')
}

const budgetStatement = (wanted: string): Statement => itemStatement(budgets as unknown as Resource, wanted)
