import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages'
import { vendorFaultIn } from '../models/vendorFault.ts'
import { isAbort } from './abort.ts'
import { budgetStop } from './budget.ts'
import type { TurnContext } from './context.ts'
import type { Layer } from './layer.ts'

/**
 * The company's models in their order, each until it fails, for the rest of the turn; last the offline model, which
 * needs nobody. What earlier models called stays called: the next one reads the results.
 */
export const modelChain: Layer = async (request, ask) => {
  const { context } = request
  for (let vendor = context.vendor; vendor; vendor = next(context)) {
    const { model, breaker } = vendor
    try {
      return await breaker.execute(() => ask({ ...request, model }))
    } catch (error) {
      if (context.turn.signal.aborted || isAbort(error) || budgetStop(error)) throw error
      context.failed.push(vendor)
      context.onFailure(vendor, vendorFaultIn(error) ?? error)
    }
  }
  context.fellBack = context.failed.length > 0
  const messages = context.fellBack ? takenOver(request.messages, context) : request.messages
  if (!messages) return new AIMessage('')
  return ask({ ...request, messages, model: context.offline })
}

/**
 * The conversation as the offline model takes it over: it makes plans of its own and cannot go on with another's, so it
 * begins the turn anew. Nothing when that could do again what the turn has begun to change: then the turn is left there.
 */
function takenOver(messages: readonly BaseMessage[], context: TurnContext): BaseMessage[] | undefined {
  const begun = messages.findLastIndex((message) => HumanMessage.isInstance(message)) + 1
  context.tookOverAt ??= messages.length
  context.leftMidway = messages.slice(begun, context.tookOverAt).some((each) => changes(each, context))
  if (context.leftMidway) return undefined
  return [...messages.slice(0, begun), ...messages.slice(context.tookOverAt)]
}

function changes(message: BaseMessage, { turn }: TurnContext): boolean {
  const called = ToolMessage.isInstance(message) && turn.operations.find(({ tool }) => tool === message.name)
  return called ? called.effect !== 'read' : false
}

/** Whom to ask after the one that failed, if there is another. */
function next(context: TurnContext): TurnContext['vendor'] {
  const { answerers, failed } = context
  const first = answerers.find((answerer) => !failed.includes(answerer))
  if (first) context.vendor = first
  else delete context.vendor
  return first
}
