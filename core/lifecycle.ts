import type { Logger } from './observability/log.ts'

/** Milliseconds that work in flight gets to finish before the process ends anyway. */
const patience = 20_000

export interface Lifecycle {
  /** Remembers how to stop something; what was started last is stopped first. */
  onStop(what: string, stop: () => Promise<unknown>): void
  /** False from the moment that stopping begins: nothing new is taken on. */
  readonly serving: boolean
  stop(): Promise<void>
}

/** Starts and stops in order: each part is stopped before what it stands on. */
export function createLifecycle(log: Logger): Lifecycle {
  const stops: { what: string; stop: () => Promise<unknown> }[] = []
  let stopping: Promise<void> | undefined
  const stopAll = async (): Promise<void> => {
    for (const { what, stop } of stops.toReversed()) {
      await stop().catch((error: unknown) => log.error({ err: error }, `${what} did not stop cleanly`))
    }
  }
  return {
    onStop: (what, stop) => void stops.push({ what, stop }),
    get serving() {
      return stopping === undefined
    },
    stop: () => (stopping ??= stopAll()),
  }
}

/** Ends the process on the signals that ask for it: what is in flight finishes first, within the patience. */
export function stopOnSignals(lifecycle: Lifecycle): void {
  const end = async (): Promise<void> => {
    setTimeout(() => process.exit(1), patience).unref()
    await lifecycle.stop()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void end())
}
