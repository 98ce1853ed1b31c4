import { HumanMessage } from '@langchain/core/messages'
import { fail, type Account, type Egress, type Fault, type UsageMeter } from '#core'
import type { ModelChoice } from './choice.ts'
import { openModel } from './openModel.ts'
import { vendorFaultIn } from './vendorFault.ts'
import type { ModelVerdict } from './verdicts.ts'

/** Milliseconds that a test may take; the whole of it is one short call. */
const patience = { first: 12_000, between: 12_000 }

/** An agent's model must be able to call tools, so the smallest call has one. */
const tool = {
  type: 'function',
  function: {
    name: 'say_ok',
    description: 'Says that all is well.',
    parameters: { type: 'object', properties: { word: { type: 'string' } } },
  },
}

export interface Trial {
  readonly verdict: ModelVerdict
  /** Our own door's refusal, where it was that. */
  readonly refusal?: Fault
}

interface TrialParts {
  readonly egress: Pick<Egress, 'fetchTo'>
  readonly usage: UsageMeter
  /** Who pays for the word. */
  readonly account: Account
  readonly signal: AbortSignal
}

/** Asks the model for a word, once, and leaves with the first piece of it. */
export async function tryModel(
  choice: ModelChoice,
  { egress, usage, account, signal }: TrialParts,
): Promise<Trial> {
  const forAccount = await openModel(choice, { egress, usage, patience })
  const model = forAccount(account).bindTools!([tool])
  try {
    for await (const piece of await model.stream([new HumanMessage('Say OK.')], { signal })) {
      if (piece.text !== '' || (piece.tool_call_chunks ?? []).length > 0) return { verdict: 'answered' }
    }
    return { verdict: 'empty' }
  } catch (error) {
    const fault = vendorFaultIn(error)
    if (signal.aborted) fail('timeout')
    if (!fault) throw error
    return { verdict: fault.kind, ...(fault.kind === 'not_allowed' && { refusal: fault.cause as Fault }) }
  } finally {
    await usage.settled(account)
  }
}
