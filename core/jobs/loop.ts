import type { Logger } from '../observability/log.ts'

export interface Loop {
  /** There may be something to do: looks at once, or again after the look that is under way. */
  hint(): void
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>
}

/**
 * Looks whether there is something to do: when told so, now and then in any case, and again for as long as a look finds
 * something. Looks never overlap; one that fails is made again at the next occasion.
 */
export function createLoop(what: string, look: () => Promise<boolean>, everyMs: number, log: Logger): Loop {
  let hinted = false
  let stopped = false
  let running: Promise<void> | undefined

  const run = async (): Promise<void> => {
    hinted = false
    const found = await look().catch((error: unknown) => {
      log.warn({ err: error }, `${what} could not be looked after`)
      return false
    })
    if (!stopped && (found || hinted)) return run()
    running = undefined
  }
  const hint = (): void => {
    hinted = true
    if (!stopped) running ??= run()
  }
  const timer = setInterval(hint, everyMs)
  timer.unref()
  return {
    hint,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}
