/** Milliseconds that a step of what can wait gives way at most. */
const longest = 25

/** Who goes first where one event loop serves all: people who look at something, before agents who think. */
export interface Precedence {
  /** Counts as a person's read until it is settled. */
  reading<Result>(read: Promise<Result>): Promise<Result>
  /**
   * Resolves in a later turn of the event loop, one by one in the order of asking, while nobody reads; at the latest
   * after 25 ms, so that many readers make an answer slower and never keep it from coming.
   */
  giveWay(): Promise<void>
}

export function createPrecedence(): Precedence {
  let reads = 0
  let isServing = false
  const waiting = new Set<() => void>()
  const serve = (): void => {
    if (isServing || reads > 0 || waiting.size === 0) return
    isServing = true
    setImmediate(() => {
      isServing = false
      const [first] = waiting
      if (reads === 0) first?.()
      serve()
    })
  }
  const settled = (): void => {
    reads--
    serve()
  }
  return {
    reading: (read) => {
      reads++
      read.then(settled, settled)
      return read
    },
    giveWay: () =>
      new Promise((resolve) => {
        const go = (): void => {
          clearTimeout(late)
          waiting.delete(go)
          resolve()
        }
        const late = setTimeout(go, longest)
        waiting.add(go)
        serve()
      }),
  }
}
