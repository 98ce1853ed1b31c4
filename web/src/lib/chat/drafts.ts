import { session } from '#lib/session/session.svelte.ts'

/** Storage may be shut off; what is written then lasts as long as the page. */
const unstored = new Map<string, string>()

/**
 * What was written and not yet sent, per conversation: it outlives a change of page and a reload of the tab, and goes
 * when the tab or the session ends.
 */
export const drafts = {
  read(conversation: string | undefined): string {
    try {
      return sessionStorage.getItem(keyOf(conversation)) ?? ''
    } catch {
      return unstored.get(keyOf(conversation)) ?? ''
    }
  },
  keep(conversation: string | undefined, text: string) {
    try {
      if (text.trim() === '') sessionStorage.removeItem(keyOf(conversation))
      else sessionStorage.setItem(keyOf(conversation), text)
    } catch {
      unstored.set(keyOf(conversation), text)
    }
  },
  /** What was being written goes on where its conversation now is. */
  move(from: string | undefined, to: string | undefined) {
    drafts.keep(to, drafts.read(from))
    drafts.keep(from, '')
  },
}

function keyOf(conversation = 'new'): string {
  const { tenant, person } = session.current
  return `tekup-draft:${tenant.id}:${person.id}:${conversation}`
}
