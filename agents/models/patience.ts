import { VendorFault } from './vendorFault.ts'

/** Milliseconds that a model may be silent. */
export interface Patience {
  /** Before its first word. */
  readonly first: number
  /** Between two words. */
  readonly between: number
}

export const usualPatience: Patience = { first: 30_000, between: 20_000 }

/** Made once: a request is over in every turn several times, and an error of its own notes where it was made. */
const over = new DOMException('The answer is over.', 'AbortError')

/**
 * The pieces as they come. When they stay away too long, when the signal is aborted and when the reader leaves, the
 * request is aborted, so that its socket is closed. Rejects with `silent` when it was too long. One timer and one
 * listener serve all pieces: those of its own would cost more than a word.
 */
export async function* patiently<Piece>(
  begin: (signal: AbortSignal) => AsyncIterable<Piece>,
  signal: AbortSignal | undefined,
  { first, between }: Patience,
): AsyncGenerator<Piece, void> {
  const request = new AbortController()
  let giveUp: (reason: unknown) => void = () => undefined
  const leave = (): void => {
    request.abort(signal?.reason)
    giveUp(signal?.reason)
  }
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave)
  const silent = (): void => giveUp(new VendorFault('silent'))
  let timer = setTimeout(silent, first)
  const patient = (): void => {
    clearTimeout(timer)
    timer = setTimeout(silent, between)
  }
  let pieces: AsyncIterator<Piece> | undefined
  const next = () =>
    new Promise<IteratorResult<Piece>>((resolve, reject) => {
      giveUp = reject
      pieces!.next().then(resolve, reject)
    })
  try {
    pieces = begin(request.signal)[Symbol.asyncIterator]()
    let piece = await next()
    patient()
    while (!piece.done) {
      yield piece.value
      timer.refresh()
      piece = await next()
    }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
    request.abort(over)
    pieces?.return?.().catch(() => undefined)
  }
}
