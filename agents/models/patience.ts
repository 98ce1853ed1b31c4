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
 * request is aborted, so that its socket is closed. Rejects with `silent` when it was too long.
 */
export async function* patiently<Piece>(
  begin: (signal: AbortSignal) => AsyncIterable<Piece>,
  signal: AbortSignal | undefined,
  { first, between }: Patience,
): AsyncGenerator<Piece, void> {
  const request = new AbortController()
  const signals = signal ? AbortSignal.any([signal, request.signal]) : request.signal
  const pieces = begin(signals)[Symbol.asyncIterator]()
  try {
    for (let patience = first; ; patience = between) {
      const next = await within(pieces.next(), patience, signal)
      if (next.done) return
      yield next.value
    }
  } finally {
    request.abort(over)
    pieces.return?.().catch(() => undefined)
  }
}

async function within<Result>(
  work: Promise<Result>,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new VendorFault('silent')), milliseconds)
  const leave = (): void => reject(signal?.reason)
  signal?.addEventListener('abort', leave)
  work.catch(() => undefined)
  try {
    return await Promise.race([work, ended])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
  }
}
