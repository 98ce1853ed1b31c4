import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, idOf, operation, personOf, sql, type WriteContext } from '#core'
import { ActivityModel } from '../activities/activity.model.ts'
import { dealMoved } from '../events.ts'
import { Line, Version } from '../fields.ts'
import { stageCalled, stageOfKind, type Stage } from '../pipelines/stages.ts'
import { shortText } from '../values/text.ts'
import { inOrder, sent, show } from '../writing.ts'
import { DealModel, DealStageModel } from './deal.model.ts'
import { Deal, deals } from './deal.ts'

const Moved = Deal.extend({ previousStageName: z.string() })
const LostReason = shortText(500).meta({ kind: 'text', free: true })

export const moveDeal = operation({
  name: 'crm.deals.move',
  summary: 'Move a deal to another stage of its pipeline, named by its key, its name or in other words',
  effect: 'write',
  input: z.strictObject({
    id: idOf(deals),
    stage: Line.meta({ kind: 'stage' }),
    lostReason: LostReason.optional(),
    version: Version.optional(),
  }),
  output: Moved,
  run: ({ stage, ...step }, context) => move(context, step, (stages) => stageCalled(stages, stage)),
})

export const winDeal = operation({
  name: 'crm.deals.win',
  summary: 'Mark a deal as won',
  effect: 'write',
  input: z.strictObject({ id: idOf(deals), version: Version.optional() }),
  output: Moved,
  run: (step, context) => move(context, step, (stages) => stageOfKind(stages, 'won')),
})

export const loseDeal = operation({
  name: 'crm.deals.lose',
  summary: 'Mark a deal as lost, with the reason',
  effect: 'write',
  input: z.strictObject({ id: idOf(deals), lostReason: LostReason, version: Version.optional() }),
  output: Moved,
  run: (step, context) => move(context, step, (stages) => stageOfKind(stages, 'lost')),
})

interface Step {
  readonly id: string
  readonly lostReason?: string | undefined
  readonly version?: number | undefined
}

/** Three exchanges in all: look, change with its history and timeline, commit. */
async function move(context: WriteContext, step: Step, choose: (stages: readonly Stage[]) => Stage) {
  const { deal, stages } = await lookAt(context, step)
  const from = stages.find(({ id }) => id === deal.stageId) ?? fail('not_found')
  const to = choose(stages)
  const moved =
    from.id === to.id ? await show(context, deals, step.id) : await takeStep(context, deal, from, to, step)
  return { ...moved, previousStageName: from.name }
}

async function lookAt(context: WriteContext, { id, version }: Step) {
  const found = DealModel.findOne({ where: { id }, lock: true })
  await sent(found)
  const [deal, stages] = await inOrder(found, stagesAround(context, id))
  if (!deal) fail('not_found')
  if (version !== undefined && deal.version !== version) fail('version_conflict')
  return { deal, stages }
}

/** The stages of the pipeline that the deal is in. */
const stagesAround = (context: WriteContext, id: string): Promise<Stage[]> =>
  context.query<Stage>(sql`
    SELECT s.id, s.key, s.name, s.aliases, s.kind, s.probability, s.place FROM crm.stages s
    WHERE s.pipeline_id = (SELECT d.pipeline_id FROM crm.deals d WHERE d.id = ${id}) ORDER BY s.place`)

async function takeStep(
  context: WriteContext,
  deal: DealModel,
  from: Stage,
  to: Stage,
  { lostReason }: Step,
) {
  const now = context.clock.now()
  const writes = [
    deal.update({
      stageId: to.id,
      stageSince: now,
      status: to.kind,
      closedAt: to.kind === 'open' ? null : now,
      lostReason: to.kind === 'lost' ? (lostReason ?? null) : null,
    }),
    DealStageModel.update({ leftAt: now }, { where: { dealId: deal.id, leftAt: null } }),
    DealStageModel.create({
      tenantId: context.tenant.id,
      id: uuidv7(),
      dealId: deal.id,
      enteredAt: now,
      stageId: to.id,
    }),
    ActivityModel.create(stepInTimeline(context, deal, `${from.name} → ${to.name}`, lostReason)),
  ]
  await sent(...writes)
  const [, moved] = await inOrder(inOrder(...writes), show(context, deals, deal.id))
  context.emit(dealMoved, { id: deal.id, title: deal.title, from: from.id, to: to.id, status: to.kind })
  return moved
}

const stepInTimeline = (
  context: WriteContext,
  deal: DealModel,
  subject: string,
  body: string | undefined,
) => ({
  tenantId: context.tenant.id,
  id: uuidv7(),
  kind: 'stage' as const,
  subject,
  body: body ?? null,
  at: context.clock.now(),
  dealId: deal.id,
  contactId: deal.contactId,
  companyId: deal.companyId,
  personId: personOf(context.actor) ?? null,
})
