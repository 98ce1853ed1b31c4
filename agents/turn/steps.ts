import type { Layer } from './layer.ts'

/** Times that one turn may ask the model. */
export const mostSteps = 15

/** A turn that has asked its model too often. */
export class StepLimit extends Error {
  override name = 'StepLimit'
}

export const steps: Layer = (request, ask) => {
  const { context } = request
  if (++context.steps > mostSteps) throw new StepLimit('The turn reached its limit of steps.')
  return ask(request)
}
