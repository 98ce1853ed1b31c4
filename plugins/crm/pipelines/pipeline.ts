import { z } from 'zod'
import { byName, raw, resource, tracked } from '#core'
import { Stage } from './stages.ts'

export const Pipeline = z.object({
  id: z.uuid(),
  name: z.string(),
  standard: z.boolean(),
  stages: z.array(Stage),
  ...tracked,
})

/** The stages of pipeline `t`, in their order. */
export const stagesOf = raw(`(
  SELECT coalesce(json_agg(json_build_object('id', s.id, 'key', s.key, 'name', s.name, 'aliases', s.aliases,
    'kind', s.kind, 'probability', s.probability, 'place', s.place) ORDER BY s.place), '[]')
  FROM crm.stages s WHERE s.tenant_id = t.tenant_id AND s.pipeline_id = t.id)`)

export const pipelines = resource({
  table: 'crm.pipelines',
  item: Pipeline,
  fields: { stages: stagesOf },
  sorts: { name: byName },
  defaultSort: 'name',
  search: 'crm.search_pipelines',
})
