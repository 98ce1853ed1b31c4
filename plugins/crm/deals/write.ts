import type { CreationAttributes } from 'sequelize'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  Colleague,
  ComingDay,
  Currency,
  deleteOperation,
  expected,
  fail,
  idOf,
  inOrder,
  Line,
  operation,
  personOf,
  present,
  requireColleague,
  sent,
  show,
  sql,
  Version,
  type WriteContext,
} from '#core'
import { companies } from '../companies/company.ts'
import { contacts } from '../contacts/contact.ts'
import { dealCreated, dealDeleted, dealUpdated } from '../events.ts'
import { pipelines, stagesOf } from '../pipelines/pipeline.ts'
import { StageName } from '../pipelines/standardStages.ts'
import { stageCalled, type Stage } from '../pipelines/stages.ts'
import { buildStandardPipeline } from '../pipelines/write.ts'
import { crmSettings } from '../settings.ts'
import { DealModel, DealStageModel } from './deal.model.ts'
import { Deal, deals } from './deal.ts'

/** Minor units: 100 milliards in kroner. The sum of hundreds of such deals is still exact as a JSON number. */
export const largestAmount = 10 ** 13

const parts = {
  companyId: idOf(companies).nullish(),
  contactId: idOf(contacts).nullish(),
  amount: z
    .int()
    .min(0)
    .max(largestAmount)
    .meta({ kind: 'money', description: 'Minor units: 1250000 is 12.500,00 kr.' })
    .optional(),
  currency: Currency.optional(),
  probability: z
    .int()
    .min(0)
    .max(100)
    .nullish()
    .meta({ description: 'Per cent, when it is not the stage’s own' }),
  expectedCloseOn: ComingDay.nullish(),
  ownerId: Colleague.nullish(),
}

export const createDeal = operation({
  name: 'crm.deals.create',
  summary: 'Create a deal with a title, company, contact, value and stage',
  effect: 'write',
  input: z.strictObject({
    title: Line,
    ...parts,
    stage: StageName.optional(),
    pipelineId: idOf(pipelines).optional(),
  }),
  output: Deal,
  async run({ stage, pipelineId, probability, ...given }, context) {
    const { currency } = await context.settings(crmSettings)
    const [pipeline, companyId] = await inOrder(pipelineFor(context, pipelineId), companyOf(context, given))
    const first = stage === undefined ? pipeline.stages[0] : stageCalled(pipeline.stages, stage)
    return openDeal(context, pipeline.id, first ?? fail('not_found'), {
      currency,
      ...given,
      companyId,
      ...(probability !== undefined && { ownProbability: probability }),
    })
  },
})

export const updateDeal = operation({
  name: 'crm.deals.update',
  summary: 'Change a deal: title, value, probability, company, contact, expected close date or owner',
  effect: 'write',
  input: z.strictObject({ id: idOf(deals), title: Line.optional(), ...parts, version: Version.optional() }),
  output: Deal,
  async run({ id, version, probability, ...given }, context) {
    const columns = {
      ...present({ ...given, ownProbability: probability }),
      updatedAt: context.clock.now(),
    }
    const update = DealModel.update(columns, { where: expected({ id, version }) })
    const deal = await changed(context, deals, id, update, () => [requireColleague(context, given.ownerId)])
    context.emit(dealUpdated, { id, title: deal.title })
    return deal
  },
})

export const deleteDeal = deleteOperation(deals, {
  name: 'crm.deals.delete',
  summary: 'Delete a deal and the history of its stages',
  called: 'title',
  remove: (where) => DealModel.destroy({ where }),
  emits: dealDeleted,
})

/** The company that is given, else the one that the contact works for. */
async function companyOf(
  context: WriteContext,
  { companyId, contactId }: { companyId?: string | null | undefined; contactId?: string | null | undefined },
): Promise<string | null> {
  if (companyId !== undefined || !contactId) return companyId ?? null
  const [contact] = await context.query<{ companyId: string | null }>(
    sql`SELECT company_id AS "companyId" FROM crm.contacts WHERE id = ${contactId}`,
  )
  return contact?.companyId ?? null
}

interface PipelineWithStages {
  readonly id: string
  readonly stages: readonly Stage[]
}

/** The pipeline that is named, else the company's standard one, which is made when it first needs one. */
async function pipelineFor(context: WriteContext, id: string | undefined): Promise<PipelineWithStages> {
  const [pipeline] = await context.query<PipelineWithStages>(sql`
    SELECT t.id, ${stagesOf} AS stages FROM crm.pipelines t
    WHERE ${id ?? null}::uuid IS NULL OR t.id = ${id ?? null}::uuid ORDER BY t.standard DESC, t.created_at LIMIT 1`)
  if (pipeline) return pipeline
  return id === undefined ? buildStandardPipeline(context) : fail('not_found')
}

type GivenDeal = Partial<Record<keyof CreationAttributes<DealModel>, unknown>> & {
  title: string
  ownerId?: string | null | undefined
}

async function openDeal(context: WriteContext, pipelineId: string, stage: Stage, given: GivenDeal) {
  const { id, now } = { id: uuidv7(), now: context.clock.now() }
  const tenantId = context.tenant.id
  const created = DealModel.create({
    ...(present(given) as { title: string }),
    tenantId,
    id,
    pipelineId,
    stageId: stage.id,
    stageSince: now,
    status: stage.kind,
    closedAt: stage.kind === 'open' ? null : now,
    ownerId: given.ownerId ?? personOf(context.actor) ?? null,
  })
  await sent(created)
  const history = DealStageModel.create({
    tenantId,
    id: uuidv7(),
    dealId: id,
    enteredAt: now,
    stageId: stage.id,
  })
  await sent(history)
  const [, , , deal] = await inOrder(
    created,
    history,
    requireColleague(context, given.ownerId),
    show(context, deals, id),
  )
  context.emit(dealCreated, { id, title: deal.title })
  return deal
}
