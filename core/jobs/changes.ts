import type { Hint } from '../live/hint.ts'
import { seesAll } from './record.ts'

/** A job that has moved, for whoever shows it. */
export interface JobChange {
  readonly tenant: string
  readonly id: string
  readonly name: string
  /** Who asked for it; nobody where it follows on an event or the clock. */
  readonly personId: string | null
  readonly status: string
}

/** Makes live updates of what becomes of jobs. */
export interface JobChanges {
  moved(change: JobChange): void
  /** Many of a company's have, at once. */
  many(tenant: string): void
}

/** Milliseconds in which steps of one job are gathered into one hint: a short one begins and ends within them. */
const gathered = 100

/** Whoever asked for a job is told, and so is whoever looks after all of them: those who see it in the list. */
export function createJobChanges(tell: (hints: readonly Hint[]) => void): JobChanges {
  const waiting = new Map<string, Hint>()
  const add = (key: string, hint: Hint): void => {
    if (waiting.size === 0) setTimeout(tellAll, gathered).unref()
    waiting.set(key, hint)
  }
  const tellAll = (): void => {
    const hints = [...waiting.values()]
    waiting.clear()
    tell(hints)
  }
  return {
    moved: ({ tenant, id, personId }) =>
      add(`${tenant} ${id}`, {
        tenant,
        type: changed,
        subject: id,
        person: personId ?? undefined,
        permission: seesAll,
      }),
    many: (tenant) => add(tenant, { tenant, type: changed }),
  }
}

const changed = 'platform.jobs.changed'
