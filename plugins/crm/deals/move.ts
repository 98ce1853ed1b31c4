import { z } from 'zod'
import { idOf, operation, shortText, Version } from '#core'
import { pipelines } from '../pipelines/pipeline.ts'
import { StageName } from '../pipelines/standardStages.ts'
import { stageCalled, stageOfKind } from '../pipelines/stages.ts'
import { deals } from './deal.ts'
import { Moved, takeStep } from './step.ts'

const LostReason = shortText(500).meta({ kind: 'text', free: true })

export const moveDeal = operation({
  name: 'crm.deals.move',
  summary:
    'Move a deal to another stage, named by its key, its name or in other words, of its own pipeline or another',
  effect: 'write',
  input: z.strictObject({
    id: idOf(deals),
    stage: StageName,
    pipelineId: idOf(pipelines)
      .optional()
      .meta({ description: 'The pipeline of the stage; the deal’s own when left out' }),
    lostReason: LostReason.optional(),
    version: Version.optional(),
  }),
  output: Moved,
  run: ({ stage, ...step }, context) => takeStep(context, step, ({ stages }) => stageCalled(stages, stage)),
})

export const winDeal = operation({
  name: 'crm.deals.win',
  summary: 'Mark a deal as won',
  effect: 'write',
  input: z.strictObject({ id: idOf(deals), version: Version.optional() }),
  output: Moved,
  run: (step, context) => takeStep(context, step, ({ stages }) => stageOfKind(stages, 'won')),
})

export const loseDeal = operation({
  name: 'crm.deals.lose',
  summary: 'Mark a deal as lost, with the reason',
  effect: 'write',
  input: z.strictObject({ id: idOf(deals), lostReason: LostReason, version: Version.optional() }),
  output: Moved,
  run: (step, context) => takeStep(context, step, ({ stages }) => stageOfKind(stages, 'lost')),
})

/** A deal that is open already stays where it is. */
export const reopenDeal = operation({
  name: 'crm.deals.reopen',
  summary: 'Open a won or lost deal again, in the stage where it last was open',
  effect: 'write',
  input: z.strictObject({ id: idOf(deals), version: Version.optional() }),
  output: Moved,
  run: (step, context) =>
    takeStep(context, step, ({ stages, from, lastOpen }) =>
      from.kind === 'open' ? from : (stages.find(({ id }) => id === lastOpen) ?? stageOfKind(stages, 'open')),
    ),
})
