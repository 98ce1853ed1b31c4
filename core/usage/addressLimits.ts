import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { fail } from '../errors.ts'

export interface AddressLimits {
  /** Takes one call from an address that has no caller yet; refuses with `rate_limited`. */
  take(address: string): Promise<void>
}

/** The allowance of callers that nobody knows yet, by where they come from; of this process. */
export function createAddressLimits({ points, seconds }: { points: number; seconds: number }): AddressLimits {
  const limiter = new RateLimiterMemory({ points, duration: seconds })
  return {
    take: async (address) => {
      await limiter.consume(address).catch((refusal: unknown) => {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        fail('rate_limited', { seconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)), limit: points })
      })
    },
  }
}
