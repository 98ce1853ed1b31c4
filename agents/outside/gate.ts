import { circuitBreaker, ConsecutiveBreaker, handleWhen, isBrokenCircuitError, type CircuitBreakerPolicy } from 'cockatiel' // prettier-ignore
import { agentErrors } from '../errors.ts'

/** Calls of one server that may be under way. */
const mostAtOnce = 4

/** Failures in a row after which a server is left alone, and for how many milliseconds. */
const failures = 3
const rest = 60_000
/** Servers whose failures are remembered. */
const mostKept = 1_000

const underWay = new Map<string, number>()
const breakers = new Map<string, CircuitBreakerPolicy>()

/** One server of one company. */
export interface Gated {
  readonly key: string
  readonly name: string
}

/** Does the work where the server is not failing already and is not busy with ours; what `isFailure` says is counted. */
export async function throughGate<Result>(
  { key, name }: Gated,
  isFailure: (error: unknown) => boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  const busy = underWay.get(key) ?? 0
  if (busy >= mostAtOnce) agentErrors.fail('server_busy', { name })
  underWay.set(key, busy + 1)
  try {
    return await breakerOf(key, isFailure).execute(work)
  } catch (error) {
    if (isBrokenCircuitError(error)) agentErrors.fail('server_resting', { name })
    throw error
  } finally {
    const left = (underWay.get(key) as number) - 1
    if (left === 0) underWay.delete(key)
    else underWay.set(key, left)
  }
}

function breakerOf(key: string, isFailure: (error: unknown) => boolean): CircuitBreakerPolicy {
  const breaker =
    breakers.get(key) ??
    circuitBreaker(handleWhen(isFailure), { halfOpenAfter: rest, breaker: new ConsecutiveBreaker(failures) })
  breakers.delete(key)
  breakers.set(key, breaker)
  if (breakers.size > mostKept) breakers.delete(breakers.keys().next().value as string)
  return breaker
}
