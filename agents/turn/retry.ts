import { DelegateBackoff, handleWhen, retry as retryPolicy, type IRetryBackoffContext } from 'cockatiel'
import { isPassing, vendorFaultIn } from '../models/vendorFault.ts'
import type { Layer } from './layer.ts'

/** Further tries of one model; a person waits meanwhile, and another model stands ready. */
const mostRetries = 2
/** Milliseconds of the first wait at most, of any wait at most, and that a vendor may ask for at most. */
const firstWait = 300
const longestWait = 3_000
const longestAsked = 8_000

const policy = retryPolicy(handleWhen(isWorthRetrying), {
  maxAttempts: mostRetries,
  backoff: new DelegateBackoff(waitBefore),
})

/** Asks a model again after what may pass; what was told of the broken answer is taken back. */
export const retry: Layer = (request, ask) => {
  const { context } = request
  const { signal } = context.turn
  const attempt = async () => {
    signal.throwIfAborted()
    try {
      return await ask(request)
    } catch (error) {
      const answer = vendorFaultIn(error)?.answerId
      if (answer !== undefined) context.takenBack.add(answer)
      throw error
    }
  }
  return policy.execute(attempt, signal)
}

/** A vendor that asks for longer than a person would wait is not asked again. */
function isWorthRetrying(error: unknown): boolean {
  return isPassing(error) && (vendorFaultIn(error)?.retryAfter ?? 0) <= longestAsked
}

/**
 * Full jitter (Brooker, "Exponential Backoff and Jitter"): any time between none and the exponential wait, and on top of
 * what the vendor asks for, so that those who were turned away together do not come back together.
 */
export function waitBefore({
  attempt,
  result,
}: Pick<IRetryBackoffContext<unknown>, 'attempt' | 'result'>): number {
  const asked = 'error' in result ? (vendorFaultIn(result.error)?.retryAfter ?? 0) : 0
  return asked + Math.random() * Math.min(longestWait, firstWait * 2 ** (attempt - 1))
}
