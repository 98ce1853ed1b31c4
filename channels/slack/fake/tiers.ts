import type { FakeClock } from './clock.ts'

/** Thrown where Slack answers HTTP 429: how many seconds to wait. */
export class RateLimited extends Error {
  readonly retryAfter: number

  constructor(retryAfter: number) {
    super('ratelimited')
    this.retryAfter = retryAfter
  }
}

/** Calls a minute of Slack's tiers; "special" ones allow some hundreds unless named below. */
const perMinute: Readonly<Record<string, number>> = { t1: 1, t2: 20, t3: 50, t4: 100, t5: 300 }
/** Messages that a channel takes at once; after that one a second comes free. */
const burstOfChannel = 3

export interface Limits {
  /** @throws RateLimited when this method, in this workspace, was called as often as its tier allows. */
  count(method: string, tier: string, workspace: string): void
  /** One message a second and channel, in short bursts more. */
  countMessage(channel: string): void
  /** For apps that are sold outside the marketplace: reading history is one request a minute. */
  countHistory(method: string, workspace: string): void
}

export function createLimits(clock: FakeClock, isEnforced: boolean): Limits {
  const seen = new Map<string, number[]>()

  function allow(key: string, times: number, milliseconds: number): void {
    if (!isEnforced) return
    const now = clock.now()
    const recent = (seen.get(key) ?? []).filter((at) => at > now - milliseconds)
    const oldest = recent[0]
    if (recent.length >= times && oldest !== undefined)
      throw new RateLimited(Math.max(1, Math.ceil((oldest + milliseconds - now) / 1000)))
    seen.set(key, [...recent, now])
  }

  return {
    count: (method, tier, workspace) => allow(`${method} ${workspace}`, perMinute[tier] ?? 20, 60_000),
    countMessage: (channel) => allow(`message ${channel}`, burstOfChannel, burstOfChannel * 1000),
    countHistory: (method, workspace) => allow(`history ${method} ${workspace}`, 1, 60_000),
  }
}
