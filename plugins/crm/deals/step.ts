import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, inOrder, personOf, present, sent, show, sql, type WriteContext } from '#core'
import { ActivityModel } from '../activities/activity.model.ts'
import { crmErrors } from '../errors.ts'
import { dealMoved } from '../events.ts'
import type { Stage } from '../pipelines/stages.ts'
import { crmSettings } from '../settings.ts'
import { DealModel, DealStageModel } from './deal.model.ts'
import { Deal, deals } from './deal.ts'

/** A deal as it stands after a step through its pipeline. */
export const Moved = Deal.extend({
  previousStageName: z.string(),
  /** `stayed` where it stood there already; then there is no step in its history. */
  outcome: z.enum(['moved', 'stayed']),
})

interface Step {
  readonly id: string
  /** The pipeline to step into; its own by default. */
  readonly pipelineId?: string | undefined
  readonly lostReason?: string | undefined
  readonly version?: number | undefined
}

/** Where a deal stands, and the stages that it can go to. */
interface Standing {
  readonly deal: DealModel
  readonly stages: readonly Stage[]
  readonly from: Stage
  /** The stage in which the deal last was open. */
  readonly lastOpen: string | null
}

/** Takes a deal to the stage that is chosen. Three exchanges in all: look, change with its history and timeline, commit. */
export async function takeStep(
  context: WriteContext,
  step: Step,
  choose: (standing: Standing) => Stage,
): Promise<z.output<typeof Moved>> {
  const standing = await lookAt(context, step)
  const { deal, from } = standing
  const to = choose(standing)
  const previousStageName = from.name
  if (from.id === to.id)
    return { ...(await stay(context, deal, to, step)), previousStageName, outcome: 'stayed' }
  return { ...(await go(context, deal, from, to, step)), previousStageName, outcome: 'moved' }
}

async function lookAt(context: WriteContext, { id, pipelineId, version }: Step): Promise<Standing> {
  const found = DealModel.findOne({ where: { id }, lock: true })
  await sent(found)
  const [deal, around] = await inOrder(found, stagesAround(context, id, pipelineId))
  if (!deal) fail('not_found')
  if (version !== undefined && deal.version !== version) fail('version_conflict')
  const from = around.find((stage) => stage.id === deal.stageId) ?? fail('not_found')
  const stages = around.filter((stage) => stage.pipelineId === (pipelineId ?? deal.pipelineId))
  if (stages.length === 0) fail('not_found')
  return { deal, stages, from, lastOpen: from.lastOpen }
}

interface StageAround extends Stage, Pick<Standing, 'lastOpen'> {
  readonly pipelineId: string
}

/** The stages of the pipeline that the deal is in, and of the one that it is to go to. */
const stagesAround = (context: WriteContext, id: string, pipelineId = id): Promise<StageAround[]> =>
  context.query(sql`
    SELECT s.id, s.pipeline_id AS "pipelineId", s.key, s.name, s.aliases, s.kind, s.probability, s.place, (
      SELECT h.stage_id FROM crm.deal_stages h JOIN crm.stages o ON o.id = h.stage_id AND o.kind = 'open'
      WHERE h.deal_id = ${id} ORDER BY h.entered_at DESC, h.id DESC LIMIT 1) AS "lastOpen"
    FROM crm.stages s
    WHERE s.pipeline_id = (SELECT d.pipeline_id FROM crm.deals d WHERE d.id = ${id}) OR s.pipeline_id = ${pipelineId}
    ORDER BY s.place`)

/** Nothing moves; only a lost deal may get another reason. */
async function stay(context: WriteContext, deal: DealModel, to: Stage, { lostReason }: Step) {
  const corrected = to.kind === 'lost' && lostReason !== undefined && lostReason !== deal.lostReason
  if (!corrected) return show(context, deals, deal.id)
  const update = deal.update({ lostReason })
  await sent(update)
  const [, shown] = await inOrder(update, show(context, deals, deal.id))
  return shown
}

async function go(
  context: WriteContext,
  deal: DealModel,
  from: Stage,
  to: Stage,
  { pipelineId, lostReason }: Step,
) {
  const now = context.clock.now()
  const reason = to.kind === 'lost' ? await reasonOf(context, lostReason) : null
  const writes = [
    deal.update({
      ...present({ pipelineId }),
      stageId: to.id,
      stageSince: now,
      status: to.kind,
      closedAt: to.kind === 'open' ? null : now,
      lostReason: reason,
    }),
    DealStageModel.update({ leftAt: now }, { where: { dealId: deal.id, leftAt: null } }),
    DealStageModel.create({
      tenantId: context.tenant.id,
      id: uuidv7(),
      dealId: deal.id,
      enteredAt: now,
      stageId: to.id,
    }),
    ActivityModel.create(inTimeline(context, deal, `${from.name} → ${to.name}`, reason)),
  ]
  await sent(...writes)
  const [, moved] = await inOrder(inOrder(...writes), show(context, deals, deal.id))
  context.emit(dealMoved, { id: deal.id, title: deal.title, from: from.id, to: to.id, status: to.kind })
  return moved
}

async function reasonOf(context: WriteContext, lostReason: string | undefined): Promise<string | null> {
  const { lostReasonRequired } = await context.settings(crmSettings)
  if (lostReasonRequired && lostReason === undefined) crmErrors.fail('reason_missing')
  return lostReason ?? null
}

const inTimeline = (context: WriteContext, deal: DealModel, subject: string, body: string | null) => ({
  tenantId: context.tenant.id,
  id: uuidv7(),
  kind: 'stage' as const,
  subject,
  body,
  at: context.clock.now(),
  dealId: deal.id,
  contactId: deal.contactId,
  companyId: deal.companyId,
  personId: personOf(context.actor) ?? null,
})
