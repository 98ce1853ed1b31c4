/** Says that what is remembered of a tenant, a person, a session or a key no longer holds. */
export interface AccessChanges {
  announce(id: string): void
  onChange(listener: (id: string) => void): void
}

/**
 * Ties the operations that change access to what this process remembers of it. They announce before their transaction
 * commits; other processes hear of it from the database after the commit.
 */
export function createAccessChanges(): AccessChanges {
  const listeners: ((id: string) => void)[] = []
  return {
    announce: (id) => listeners.forEach((listener) => listener(id)),
    onChange: (listener) => void listeners.push(listener),
  }
}
