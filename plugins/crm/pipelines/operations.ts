import { pipelineOverview } from './overview.ts'
import { createPipeline, deletePipeline, getPipeline, listPipelines, updatePipeline } from './write.ts'

export const pipelineOperations = [
  listPipelines,
  getPipeline,
  createPipeline,
  updatePipeline,
  deletePipeline,
  pipelineOverview,
]
