import { createMiddleware } from 'langchain'
import { vendorFaultIn } from '../models/vendorFault.ts'
import { isAbort } from './abort.ts'
import { budgetStop } from './budget.ts'
import { contextOf, type TurnContext } from './context.ts'

/**
 * The company's models in their order, each until it fails, for the rest of the turn; last the offline model, which
 * needs nobody. What earlier models called stays called: the next one reads the results.
 */
export const modelChain = createMiddleware({
  name: 'modelChain',
  wrapModelCall: async (request, handler) => {
    const context = contextOf(request)
    for (let vendor = context.vendor; vendor; vendor = next(context)) {
      const { model, breaker } = vendor
      try {
        return await breaker.execute(async () => handler({ ...request, model }))
      } catch (error) {
        if (context.turn.signal.aborted || isAbort(error) || budgetStop(error)) throw error
        context.failed.push(vendor)
        context.onFailure(vendor, vendorFaultIn(error) ?? error)
      }
    }
    context.fellBack = context.failed.length > 0
    return handler({ ...request, model: context.offline })
  },
})

/** Whom to ask after the one that failed, if there is another. */
function next(context: TurnContext): TurnContext['vendor'] {
  const { answerers, failed } = context
  const first = answerers.find((answerer) => !failed.includes(answerer))
  if (first) context.vendor = first
  else delete context.vendor
  return first
}
