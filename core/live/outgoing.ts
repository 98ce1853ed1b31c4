import type { Logger } from '../observability/log.ts'
import { textsOf, type Bus } from './bus.ts'
import type { Hint } from './hint.ts'

export interface Outgoing {
  add(hints: readonly Hint[]): void
  /** Resolves when everything has been said, or it is known that it could not be. */
  settled(): Promise<void>
}

/** Hints that wait to be said; when there are more, the others are told that they missed something. */
const mostWaiting = 10_000
const mostMissed = 1_000
const retryMs = 1_000

/**
 * Tells the other processes. What gathers while one text is on its way travels together in the next. What could not be
 * said is not kept: the companies that it was of are, and the others are told to read again as soon as they can be.
 */
export function createOutgoing(bus: Pick<Bus, 'say'>, log: Logger): Outgoing {
  let waiting: Hint[] = []
  const missed = new Set<string>()
  let saying: Promise<void> | undefined
  let retry: NodeJS.Timeout | undefined

  const isDue = (): boolean => waiting.length > 0 || (missed.size > 0 && retry === undefined)
  const say = async (): Promise<void> => {
    await new Promise(setImmediate)
    while (isDue()) {
      const hints = waiting
      waiting = []
      await sayBoth(hints).catch((error: unknown) => {
        log.warn(
          { err: error },
          'live updates did not reach the other processes; they are told to read again',
        )
        for (const { tenant } of hints) missed.add(tenant)
        retry ??= setTimeout(again, retryMs).unref()
      })
    }
    saying = undefined
  }
  const sayBoth = async (hints: readonly Hint[]): Promise<void> => {
    const tenants = [...missed]
    const lost = tenants.length > mostMissed ? 'all' : tenants
    const texts = [
      ...(tenants.length > 0 ? textsOf({ missed: lost }) : []),
      ...(hints.length > 0 ? textsOf({ hints }) : []),
    ]
    await bus.say(texts)
    for (const tenant of tenants) missed.delete(tenant)
  }
  const again = (): void => {
    retry = undefined
    saying ??= say()
  }
  return {
    add: (hints) => {
      const full = retry !== undefined || waiting.length + hints.length > mostWaiting
      if (full) for (const { tenant } of hints) missed.add(tenant)
      else waiting.push(...hints)
      if (!retry) saying ??= say()
    },
    settled: async () => {
      clearTimeout(retry)
      await saying
    },
  }
}
