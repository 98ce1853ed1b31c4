const touches = ['pointermove', 'pointerdown', 'keydown']

/** Calls `work` once, with the reader's first touch of anything. Answers how to stop, as `onMount` takes it. */
export function onFirstTouch(work: () => void): () => void {
  const touched = new AbortController()
  const begin = () => {
    touched.abort()
    work()
  }
  for (const touch of touches) addEventListener(touch, begin, { signal: touched.signal, capture: true })
  return () => touched.abort()
}
