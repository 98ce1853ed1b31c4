import { keepFresh } from '#lib/ui/keepFresh.ts'

/** Milliseconds between looks where live updates do not come through. */
const seldom = 60_000
/** Several steps of one lead are one look. */
const gathered = 150

/**
 * Calls `look` when something happened to what the topic names, such as `leads.leads` or one of them, and seldom
 * otherwise. What happened is a hint; the reader reads again. Answers how to stop.
 */
export function followLeads(topic: string, look: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const lookSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(look, gathered)
  }
  const source = new EventSource(`/api/v1/events?topics=${encodeURIComponent(topic)}`)
  source.addEventListener('message', lookSoon)
  source.addEventListener('reset', lookSoon)
  const stop = keepFresh(look, seldom)
  return () => {
    clearTimeout(timer)
    source.close()
    stop()
  }
}
