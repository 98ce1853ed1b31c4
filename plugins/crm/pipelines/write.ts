import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  expected,
  fail,
  getOperation,
  idOf,
  inOrder,
  listOperation,
  operation,
  present,
  removed,
  sent,
  shortText,
  show,
  sql,
  Version,
  type WriteContext,
} from '#core'
import { crmErrors } from '../errors.ts'
import { PipelineModel, StageModel } from './pipeline.model.ts'
import { Pipeline, pipelines } from './pipeline.ts'
import { standardPipelineName, standardStages } from './standardStages.ts'
import { StageInput } from './stages.ts'

const Stages = z.array(StageInput).min(2).max(30)

export const listPipelines = listOperation(pipelines, {
  name: 'crm.pipelines.list',
  summary: 'List the sales pipelines with their stages',
})

export const getPipeline = getOperation(pipelines, {
  name: 'crm.pipelines.get',
  summary: 'Show one sales pipeline with its stages',
})

export const createPipeline = operation({
  name: 'crm.pipelines.create',
  summary: 'Create a sales pipeline with its stages',
  effect: 'write',
  input: z.strictObject({ name: shortText(100), stages: Stages.optional() }),
  output: Pipeline,
  run: ({ name, stages }, context) => buildPipeline(context, name, stages ?? standardStages, 'further'),
})

export const updatePipeline = operation({
  name: 'crm.pipelines.update',
  summary: 'Rename a sales pipeline or change its stages; a stage that still holds deals cannot be taken out',
  effect: 'write',
  input: z.strictObject({
    id: idOf(pipelines),
    name: shortText(100).optional(),
    stages: Stages.optional(),
    standard: z
      .literal(true)
      .optional()
      .meta({ description: 'Make it the pipeline of deals that name none' }),
    version: Version.optional(),
  }),
  output: Pipeline,
  async run({ id, version, name, stages, standard }, context) {
    if (standard) await noLongerStandard()
    const columns = { ...present({ name, standard }), updatedAt: context.clock.now() }
    const update = PipelineModel.update(columns, { where: expected({ id, version }) })
    return changed(context, pipelines, id, update, () => (stages ? replaceStages(context, id, stages) : []))
  },
})

export const deletePipeline = operation({
  name: 'crm.pipelines.delete',
  summary: 'Delete a sales pipeline that holds no deals',
  effect: 'destroy',
  input: z.strictObject({ id: idOf(pipelines), version: Version.optional() }),
  output: z.object({ id: z.uuid(), name: z.string() }),
  async run({ id, version }, context) {
    const { name } = await removed(context, pipelines, id, async (pipeline) => {
      await requireUnused(context, pipeline)
      return PipelineModel.destroy({ where: expected({ id, version }) })
    })
    return { id, name }
  },
})

async function requireUnused(context: WriteContext, { id, name }: z.output<typeof Pipeline>): Promise<void> {
  const [held] = await context.query<{ deals: number }>(
    sql`SELECT count(*)::int AS deals FROM crm.deals WHERE pipeline_id = ${id}`,
  )
  if (held?.deals) crmErrors.fail('pipeline_in_use', { name, deals: held.deals })
}

/** There is one of them, so it makes room first. */
const noLongerStandard = (): Promise<unknown> =>
  PipelineModel.update({ standard: false }, { where: { standard: true } })

/** Makes a pipeline; the first one of a company is its standard one. */
async function buildPipeline(
  context: WriteContext,
  name: string,
  stages: readonly StageInput[],
  rank: 'standard' | 'further',
): Promise<z.output<typeof Pipeline>> {
  requireDistinct(stages)
  const id = uuidv7()
  const created = PipelineModel.create({
    tenantId: context.tenant.id,
    id,
    name,
    standard: rank === 'standard',
  })
  await sent(created)
  const rows = StageModel.bulkCreate(stages.map((stage, place) => stageRow(context, id, stage, place)))
  await sent(rows)
  const [, , pipeline] = await inOrder(created, rows, show(context, pipelines, id))
  return pipeline
}

export const buildStandardPipeline = (context: WriteContext) =>
  buildPipeline(context, standardPipelineName, standardStages, 'standard')

const stageRow = (context: WriteContext, pipelineId: string, stage: StageInput, place: number) => ({
  ...stage,
  tenantId: context.tenant.id,
  id: stage.id ?? uuidv7(),
  pipelineId,
  place,
})

/** Stages keep their id by key, so that deals stay where they are. */
function replaceStages(
  context: WriteContext,
  pipelineId: string,
  stages: readonly StageInput[],
): Promise<unknown>[] {
  requireDistinct(stages)
  const rows = JSON.stringify(stages.map((stage, place) => stageRow(context, pipelineId, stage, place)))
  const keys = stages.map(({ key }) => key)
  return [
    context.query(
      sql`DELETE FROM crm.stages WHERE pipeline_id = ${pipelineId} AND key <> ALL (${keys}::text[])`,
    ),
    context.query(sql`
      INSERT INTO crm.stages (tenant_id, id, pipeline_id, key, name, aliases, kind, probability, place)
      SELECT ${context.tenant.id}, id, ${pipelineId}, key, name, aliases, kind, probability, place
      FROM jsonb_to_recordset(${rows}::jsonb)
        AS s(id uuid, key text, name text, aliases text[], kind text, probability integer, place integer)
      ON CONFLICT ON CONSTRAINT stage_key DO UPDATE SET name = excluded.name, aliases = excluded.aliases,
        kind = excluded.kind, probability = excluded.probability, place = excluded.place`),
  ]
}

function requireDistinct(stages: readonly StageInput[]): void {
  const seen = new Set<string>()
  for (const { key, id = key } of stages) {
    if (seen.has(key) || seen.has(id)) fail('already_exists', { what: key })
    seen.add(key).add(id)
  }
}
