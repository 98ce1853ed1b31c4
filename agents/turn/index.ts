import { modelCallLimitMiddleware, toolCallLimitMiddleware } from 'langchain'
import { answerCheck } from './answer.ts'
import { modelChain } from './fallback.ts'
import { offer } from './offer.ts'
import { prompt } from './prompt.ts'
import { retry } from './retry.ts'
import { unknownTools } from './unknownTools.ts'

/** Calls that one turn may make, and times that it may ask the model. */
export const mostCalls = 12
export const mostSteps = 15

/** The outermost first. (LangChain's own zod makes the type of two of these options `never` here.) */
export const turnMiddleware = () => [
  modelCallLimitMiddleware({ runLimit: mostSteps, exitBehavior: 'error' } as never),
  toolCallLimitMiddleware({ runLimit: mostCalls, exitBehavior: 'continue' } as never),
  unknownTools,
  prompt,
  modelChain,
  offer,
  retry,
  answerCheck,
]

export { isAbort } from './abort.ts'
export { accountOf, budgetStop, warningLines } from './budget.ts'
export { FindTools } from './offer.ts'
export type { TurnContext } from './context.ts'
