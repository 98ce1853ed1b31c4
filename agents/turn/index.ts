import { createMiddleware } from 'langchain'
import { answerCheck } from './answer.ts'
import { breath } from './breath.ts'
import { modelChain } from './fallback.ts'
import { layered } from './layer.ts'
import { offer } from './offer.ts'
import { prompt } from './prompt.ts'
import { retry } from './retry.ts'
import { steps } from './steps.ts'
import { refusedCall } from './toolCalls.ts'

/** The outermost first. */
const ask = layered([breath, steps, prompt, modelChain, offer, breath, retry, answerCheck])

/**
 * What is done around every question and every call of a turn: one middleware, because LangChain checks all tools anew
 * for each, and runs a step of its graph for each that looks before or after the model.
 */
export const turnMiddleware = () =>
  createMiddleware({
    name: 'turn',
    wrapModelCall: (request, handler) => ask(request, async (changed) => handler(changed) as never),
    wrapToolCall: (request, handler) => refusedCall(request) ?? handler(request),
  })

export { isAbort } from './abort.ts'
export { accountOf, budgetStop, warningLines } from './budget.ts'
export { FindTools } from './offer.ts'
export { mostSteps, StepLimit } from './steps.ts'
export { mostCalls } from './toolCalls.ts'
export type { TurnContext } from './context.ts'
