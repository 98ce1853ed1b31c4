import { BoundedMap } from '../identity/boundedMap.ts'
import type { Logger } from '../observability/log.ts'
import type { Hint } from './hint.ts'
import { overlap, type EventLog } from './log.ts'

/** Knows what has been told here, and looks now and then for what nobody told: its process died, or its word was lost. */
export interface Sweep {
  /** Those that have not been told yet; from now on they have. */
  fresh(hints: readonly Hint[]): readonly Hint[]
  close(): void
}

interface SweepParts {
  readonly log: Pick<EventLog, 'recent'>
  readonly logger: Logger
  /** Milliseconds between two looks. */
  readonly every: number
  /** Companies whose readers are here. */
  tenants(): readonly string[]
  tell(hints: readonly Hint[]): void
}

/** Events that are remembered as told: those of the overlap, at some hundred a second. */
const remembered = 20_000

export function createSweep({ log, logger, every, tenants, tell }: SweepParts): Sweep {
  const told = new BoundedMap<true>(remembered)
  const fresh = (hints: readonly Hint[]): readonly Hint[] =>
    hints.filter(({ id }) => {
      if (id === undefined) return true
      if (told.get(id)) return false
      told.set(id, true)
      return true
    })
  const look = async (): Promise<void> => {
    const here = tenants()
    if (here.length === 0) return
    const since = Date.now() - overlap * 1000
    tell(fresh(await log.recent(here, since)))
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) =>
      logger.debug({ err: error }, 'it could not be looked for what nobody told'),
    )
  }, every).unref()
  return { fresh, close: () => clearInterval(timer) }
}
