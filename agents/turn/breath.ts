import type { Layer } from './layer.ts'

/**
 * Lets others have the processor: what a turn computes between two answers from outside takes several milliseconds at a
 * stretch, for which whoever only wants to see a list would wait.
 */
export const breath: Layer = async (request, ask) => {
  await request.context.giveWay()
  return ask(request)
}
