import type { Database } from '../database/database.ts'
import { sql, type Statement } from '../database/sql.ts'

/** Word of what was stopped, in whatever process that was said, so that nobody waits until the lease is moved on. */
export interface Stops {
  /** Calls `look` when something of the conversation may have been stopped; answers how to end that. */
  watch(place: Place, look: () => void): () => void
}

interface Place {
  readonly tenant: string
  readonly conversation: string
}

const channel = 'tekup_turns_stopped'

const nameOf = ({ tenant, conversation }: Place): string => `${tenant} ${conversation}`

/** Part of the statement that stops it: heard after its commit. It is a hint alone; whoever hears it reads what is so. */
export const tellStopped = (place: Place): Statement => sql`pg_notify(${channel}, ${nameOf(place)})`

/** Listens from the first turn on, over the connection that the process listens on anyway. */
export function createStops({ notifications }: Pick<Database, 'notifications'>): Stops {
  const watched = new Map<string, Set<() => void>>()
  let isListening = false

  function listen(): void {
    if (isListening) return
    isListening = true
    notifications.follow(channel, {
      onNotification: (name) => watched.get(name)?.forEach((look) => look()),
      onHearing: (hears) => hears && watched.forEach((looks) => looks.forEach((look) => look())),
    })
  }
  return {
    watch: (place, look) => {
      listen()
      const name = nameOf(place)
      const looks = watched.get(name) ?? new Set()
      watched.set(name, looks.add(look))
      return () => {
        looks.delete(look)
        if (looks.size === 0 && watched.get(name) === looks) watched.delete(name)
      }
    },
  }
}
