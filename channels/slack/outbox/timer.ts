/** Time as the gateway sees it; tests bring Slack's own. */
export interface Timer {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs the work after so many milliseconds; answers how to call it off. */
  after(milliseconds: number, work: () => void): () => void
}

export const wallTimer: Timer = {
  now: () => Date.now(),
  after: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds)
    return () => clearTimeout(timer)
  },
}

export const pause = (timer: Timer, milliseconds: number): Promise<void> =>
  new Promise((resolve) => void timer.after(milliseconds, resolve))
