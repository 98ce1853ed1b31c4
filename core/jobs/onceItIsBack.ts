import { setTimeout as sleep } from 'node:timers/promises'
import { databaseFault } from '../operations/databaseFault.ts'

/** How often something is tried while the database is away, and the milliseconds between. */
const mostTries = 60
const tryEvery = 1_000

/**
 * Tried again while the database is away: a parcel that nobody read, or a failure that nobody noted, would count as a try
 * of jobs whose fault it was not.
 */
export async function onceItIsBack<Result>(
  work: () => Promise<Result>,
  stopping: AbortSignal,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      const isAway = databaseFault(error).code === 'unavailable' && tries < mostTries
      if (!isAway || !(await sleep(tryEvery, true, { signal: stopping }).catch(() => false))) throw error
    }
  }
}
