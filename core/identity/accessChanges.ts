import type { ChangingMemory } from './changingMemory.ts'

type Follower = Pick<ChangingMemory<unknown>, 'distrust' | 'forget' | 'hears'>

/** Says that what is remembered of a tenant, a person, a session or a key no longer holds. */
export interface AccessChanges {
  /** A change of this process, before its transaction commits. */
  announce(id: string): void
  /** A change of another process, after its commit. */
  hear(id: string): void
  /** Whether other processes can be heard now. */
  hears(hearing: boolean): void
  /** This memory is told of everything from now on. */
  follow(memory: Follower): void
}

/**
 * Ties the operations that change access to what this process remembers of it. They announce before their transaction
 * commits; other processes hear of it from the database after the commit.
 */
export function createAccessChanges(): AccessChanges {
  const followers: Follower[] = []
  return {
    announce: (id) => followers.forEach((memory) => memory.distrust(id)),
    hear: (id) => followers.forEach((memory) => memory.forget(id)),
    hears: (hearing) => followers.forEach((memory) => memory.hears(hearing)),
    follow: (memory) => void followers.push(memory),
  }
}
