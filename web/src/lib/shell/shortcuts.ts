import { goto } from '$app/navigation'
import { commandPalette } from './commandPalette.svelte.ts'
import { destinations } from './navigation.ts'

const sequenceInMilliseconds = 1_000
let goPressedAt = -Infinity

/** Keys that work on every page: mod+K for the palette, g then a letter for a page. */
export function handleShortcut(event: KeyboardEvent) {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault()
    commandPalette.open = !commandPalette.open
  } else if (!isTyping(event)) {
    followGo(event)
  }
}

/** Whether the key belongs to a field, a menu or a dialog, and not to the page. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : undefined
  if (event.metaKey || event.ctrlKey || event.altKey) return true
  return target?.isContentEditable === true || target?.closest('input, textarea, select, [role=menu], [role=dialog]') != null // prettier-ignore
}

function followGo(event: KeyboardEvent) {
  if (event.key === 'g') {
    goPressedAt = event.timeStamp
    return
  }
  const destination = destinations().find(({ key }) => key === event.key)
  if (destination && event.timeStamp - goPressedAt < sequenceInMilliseconds) goto(destination.href)
  goPressedAt = -Infinity
}
