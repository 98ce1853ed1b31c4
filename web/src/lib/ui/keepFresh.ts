/**
 * Calls `look` when the reader comes back to the page, and every so many milliseconds while they look at it: others
 * settle and change things meanwhile. Answers how to stop, as `onMount` takes it.
 */
export function keepFresh(look: () => void, milliseconds: number): () => void {
  const lookIfSeen = () => {
    if (document.visibilityState === 'visible') look()
  }
  const timer = setInterval(lookIfSeen, milliseconds)
  addEventListener('focus', lookIfSeen)
  document.addEventListener('visibilitychange', lookIfSeen)
  return () => {
    clearInterval(timer)
    removeEventListener('focus', lookIfSeen)
    document.removeEventListener('visibilitychange', lookIfSeen)
  }
}
