/** Work that goes on after whoever asked for it has been answered. */
export interface Afterwards {
  /** Counts as going on until it is settled, however that ends; whoever began it hears of its failure, not this. */
  add(work: Promise<unknown>): void
  /** Waits for what goes on, and for what it begins meanwhile. */
  settled(): Promise<void>
}

export function createAfterwards(): Afterwards {
  const goingOn = new Set<Promise<unknown>>()
  return {
    add: (work) => {
      goingOn.add(work)
      const over = (): void => void goingOn.delete(work)
      work.then(over, over)
    },
    settled: async () => {
      while (goingOn.size > 0) await Promise.allSettled(goingOn)
    },
  }
}
