import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel'
import { isAbort } from '../turn/abort.ts'
import { isOutage } from './vendorFault.ts'

/** Failures in a row after which a model is not asked for a while, and for how many milliseconds. */
const failures = 3
const rest = 30_000

/** Spares people the wait for a model that is out of order: one breaker for each model, in each process. */
export interface Breaker {
  /** Runs the work, or rejects at once while the model rests. After the rest one call probes it; others do not wait. */
  execute<Result>(work: () => Promise<Result>): Promise<Result>
  readonly isResting: boolean
}

export function createBreaker(restFor = rest): Breaker {
  const policy: CircuitBreakerPolicy = circuitBreaker(
    // A probe that the person stopped has shown nothing: the model rests on.
    handleWhen((error) => isOutage(error) || (isAbort(error) && policy.state === CircuitState.HalfOpen)),
    { halfOpenAfter: restFor, breaker: new ConsecutiveBreaker(failures) },
  )
  return {
    execute: (work) =>
      policy.state === CircuitState.HalfOpen ? Promise.reject(new Resting()) : policy.execute(work),
    get isResting() {
      return policy.state !== CircuitState.Closed
    },
  }
}

class Resting extends Error {
  override name = 'Resting'
}
