import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from './observability/log.ts'

/** Seconds that work in flight gets to finish before the process ends anyway. */
const patience = 20

export interface Lifecycle {
  /** Remembers how to stop something; what was started last is stopped first. */
  onStop(what: string, stop: () => Promise<unknown>): void
  /** False from the moment that the process is leaving: `/ready` says so, while what comes is still answered. */
  readonly serving: boolean
  /** Goes on serving for so many seconds, in which whoever sends requests here sees it leave, and then stops. */
  leave(drain: number): Promise<void>
  stop(): Promise<void>
}

/** Starts and stops in order: each part is stopped before what it stands on. */
export function createLifecycle(log: Logger): Lifecycle {
  const stops: { what: string; stop: () => Promise<unknown> }[] = []
  let serving = true
  let stopping: Promise<void> | undefined
  const stopAll = async (): Promise<void> => {
    for (const { what, stop } of stops.toReversed()) {
      await stop().catch((error: unknown) => log.error({ err: error }, `${what} did not stop cleanly`))
    }
  }
  const stop = (): Promise<void> => {
    serving = false
    return (stopping ??= stopAll())
  }
  return {
    onStop: (what, stopIt) => void stops.push({ what, stop: stopIt }),
    get serving() {
      return serving
    },
    leave: async (drain) => {
      serving = false
      await wait(drain * 1000)
      await stop()
    },
    stop,
  }
}

/**
 * Ends the process on the signals that ask for it: it serves on for the drain (seconds), and what is in flight then
 * finishes first, within the patience. A second signal ends it at once.
 */
export function stopOnSignals(lifecycle: Lifecycle, drain: number): void {
  const end = async (): Promise<void> => {
    setTimeout(() => process.exit(1), (drain + patience) * 1000).unref()
    await lifecycle.leave(drain)
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void end())
}
