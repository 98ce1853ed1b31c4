import { pipelineOverview } from './overview.ts'
import { createPipeline, getPipeline, listPipelines, updatePipeline } from './write.ts'

export const pipelineOperations = [
  listPipelines,
  getPipeline,
  createPipeline,
  updatePipeline,
  pipelineOverview,
]
