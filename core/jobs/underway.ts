import { CutOff } from './failure.ts'

/** A piece that this process is at. It is cut off when it works for longer than it may, or when somebody says so. */
export class Piece {
  readonly id: string
  readonly #controller = new AbortController()
  readonly #timeout: number
  #timer: NodeJS.Timeout | undefined

  constructor(id: string, timeout: number) {
    this.id = id
    this.#timeout = timeout
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  cutOff(why: CutOff['why']): void {
    this.#controller.abort(new CutOff(why))
  }

  /** From here on its time counts anew. */
  work(): void {
    this.rest()
    this.#timer = setTimeout(() => this.cutOff('timeout'), this.#timeout)
  }

  /** It waits for others, whose time is not its own. */
  rest(): void {
    clearTimeout(this.#timer)
  }
}

/** What this process is at, so that it can be cut off. */
export class Underway {
  readonly #pieces = new Map<string, Piece>()
  readonly #stopping = new AbortController()

  /** Aborted when nothing is waited for any more. */
  get stopping(): AbortSignal {
    return this.#stopping.signal
  }

  begin(id: string, timeout: number): Piece {
    const piece = new Piece(id, timeout)
    this.#pieces.set(id, piece)
    piece.work()
    return piece
  }

  end(piece: Piece): void {
    piece.rest()
    if (this.#pieces.get(piece.id) === piece) this.#pieces.delete(piece.id)
  }

  cancel(id: string): void {
    this.#pieces.get(id)?.cutOff('cancelled')
  }

  stopAll(): void {
    this.#stopping.abort()
    for (const piece of this.#pieces.values()) piece.cutOff('stopping')
  }
}
