import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { fail } from '../errors.ts'
import type { Caller } from '../operations/caller.ts'

interface RateRule {
  /** Calls allowed in one window. */
  readonly points: number
  readonly seconds: number
}

interface RateRules {
  readonly tenant: RateRule
  readonly actor: RateRule
}

/** What is left of the tightest limit: the RateLimit-* headers. */
export interface RateState {
  readonly limit: number
  readonly remaining: number
  readonly resetSeconds: number
}

export interface RateLimits {
  /** Takes one call from the tenant's and the actor's allowance; refuses with `rate_limited` when one is used up. */
  take(caller: Caller): Promise<void>
  /** What is left for this caller, once something was taken; also when it was refused. */
  stateOf(caller: Caller): RateState | undefined
}

/** Limits of this process; a person, an API key and an agent each have their own allowance within the tenant's. */
export function createRateLimits(rules: RateRules): RateLimits {
  const tenant = new RateLimiterMemory({ points: rules.tenant.points, duration: rules.tenant.seconds })
  const actor = new RateLimiterMemory({ points: rules.actor.points, duration: rules.actor.seconds })
  const states = new WeakMap<Caller, RateState>()
  const takeOne = async (
    limiter: RateLimiterMemory,
    rule: RateRule,
    key: string,
    caller: Caller,
  ): Promise<void> => {
    const { state, refused } = await consume(limiter, rule, key)
    const tightest = states.get(caller)
    if (!tightest || state.remaining < tightest.remaining) states.set(caller, state)
    if (refused) fail('rate_limited', { seconds: Math.max(1, state.resetSeconds), limit: rule.points })
  }
  return {
    take: async (caller) => {
      const { tenant: company, actor: who } = caller
      // Counted at the door: a flood of strangers takes nothing of the company's own allowance.
      if (who.kind === 'outsider') return
      await takeOne(actor, rules.actor, `${company.id}:${who.kind}:${who.id}`, caller)
      await takeOne(tenant, rules.tenant, company.id, caller)
    },
    stateOf: (caller) => states.get(caller),
  }
}

async function consume(
  limiter: RateLimiterMemory,
  { points }: RateRule,
  key: string,
): Promise<{ state: RateState; refused: boolean }> {
  try {
    return { state: stateOf(points, await limiter.consume(key)), refused: false }
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    return { state: stateOf(points, refusal), refused: true }
  }
}

const stateOf = (limit: number, result: RateLimiterRes): RateState => ({
  limit,
  remaining: result.remainingPoints,
  resetSeconds: Math.ceil(result.msBeforeNext / 1000),
})
