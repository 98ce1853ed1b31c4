/** Events that are made in one place and read in another, in order; the maker never waits for the reader, who is one. */
class EventQueue<Event> {
  readonly #events: Event[] = []
  #ended: Promise<IteratorResult<Event, undefined>> | undefined
  #wake:
    | ((next: IteratorResult<Event, undefined> | Promise<IteratorResult<Event, undefined>>) => void)
    | undefined

  push(event: Event): void {
    this.#events.push(event)
    this.#serve()
  }

  /** Nothing more comes; the reader gets this after the last event. */
  end(ended: Promise<void>): void {
    this.#ended = ended.then(() => ({ done: true, value: undefined }))
    this.#ended.catch(() => undefined)
    this.#serve()
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#serve()
    })
  }

  #serve(): void {
    const next = this.#events.length > 0 ? { value: this.#events[0]! } : this.#ended
    if (!this.#wake || !next) return
    const wake = this.#wake
    this.#wake = undefined
    this.#events.shift()
    wake(next)
  }
}

/**
 * What some work tells while it goes on; it begins with the first look, and its end or its failure is theirs. Whoever stops
 * reading waits for the work, which `leave` asks to end. No generator, since words pass here a few at a time, and a
 * generator's bookkeeping costs several times theirs.
 */
export function eventsOf<Event>(
  work: (tell: (event: Event) => void) => Promise<void>,
  leave: () => void = () => undefined,
): AsyncIterable<Event, undefined> {
  return {
    [Symbol.asyncIterator]: () => {
      const queue = new EventQueue<Event>()
      const done = work((event) => queue.push(event))
      const over = () => queue.end(done)
      done.then(over, over)
      return {
        next: () => queue.next(),
        return: async () => {
          leave()
          await done.catch(() => undefined)
          return { done: true, value: undefined }
        },
      }
    },
  }
}
