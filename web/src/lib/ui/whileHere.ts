import { onDestroy } from 'svelte'

/** Does the work only while the component is there that asks for it: a late answer to a form that was left would close the next. */
export function whileHere<Told extends unknown[]>(work: (...told: Told) => void): (...told: Told) => void {
  let isHere = true
  onDestroy(() => (isHere = false))
  return (...told) => {
    if (isHere) work(...told)
  }
}
