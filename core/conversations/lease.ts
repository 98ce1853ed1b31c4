import type { Core } from '../core.ts'
import type { Stops } from './stops.ts'
import { leaseSeconds, type ClaimedTurn, type TurnStore } from './turnStore.ts'

interface LeaseParts {
  readonly store: TurnStore
  readonly core: Pick<Core, 'log'>
  readonly stops: Stops
}

interface Ends {
  /** Its person has said stop. */
  stop(): void
  /** Another run has taken the lease: this one can write nothing more. */
  lose(): void
}

/**
 * Moves the lease of a turn on, now and then and as soon as something was stopped in its conversation, and tells how it ends.
 * Answers how to let go of it.
 */
export function keepLease({ store, core, stops }: LeaseParts, turn: ClaimedTurn, ends: Ends): () => void {
  const renew = async (): Promise<void> => {
    const lease = await store.keep(turn).catch((error: unknown) => {
      core.log.warn({ err: error, turn: turn.id }, 'the lease of a turn could not be renewed')
      return 'kept' as const
    })
    if (lease === 'lost') ends.lose()
    if (lease === 'stopped') ends.stop()
  }
  const timer = setInterval(() => void renew(), (leaseSeconds * 1000) / 4)
  const unwatch = stops.watch(turn, () => void renew())
  return () => {
    clearInterval(timer)
    unwatch()
  }
}
