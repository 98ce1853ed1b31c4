import { AsyncLocalStorage } from 'node:async_hooks'
import type { SlackParts } from '../parts.ts'
import { staleCards } from './cards.ts'
import { refreshCards } from './refresh.ts'

export interface ApprovalWatch {
  close(): Promise<void>
}

/** Milliseconds after a yes: what is done at once is shown as done, and not first as being done. */
const calm = 300
/** Milliseconds between two looks for what a process that is gone, or another one, left as it was. */
const lookEvery = 15_000

const events = new Set(['platform.approvals.decided', 'platform.approvals.ended'])

/**
 * Follows how approvals end, wherever that is: in Slack, in the dashboard, by the clock. This process hears of what is
 * decided here at once; the rows say what it missed.
 */
export function watchApprovals(parts: SlackParts): ApprovalWatch {
  const { core } = parts
  /** What is stored is told inside its transaction, and what follows on it is none of that. */
  const outside = AsyncLocalStorage.snapshot()
  const due = new Map<string, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  let isClosed = false

  const look = (tenant: string, approval: string, after: number): void => {
    if (isClosed) return
    clearTimeout(due.get(approval))
    due.set(approval, setTimeout(() => begin(tenant, approval), after).unref())
  }
  /** One at a time for each approval: a record never goes back to what it was. */
  const busy = new Map<string, Promise<void>>()
  const begin = (tenant: string, approval: string): void => {
    due.delete(approval)
    const before = busy.get(approval) ?? Promise.resolve()
    const work = before.then(() => refreshCards(parts, tenant, approval)).catch((error: unknown) => core.log.error({ err: error, approval }, 'an approval could not be brought up to date in Slack')) // prettier-ignore
    busy.set(approval, work)
    running.add(work)
    void work.finally(() => {
      running.delete(work)
      if (busy.get(approval) === work) busy.delete(approval)
    })
  }
  const sweep = async (): Promise<void> => {
    for (const { tenant, approval } of await staleCards(core)) look(tenant, approval, 0)
  }
  const sweeping = (): void =>
    void sweep().catch((error: unknown) =>
      core.log.error({ err: error }, 'approvals in Slack could not be looked through'),
    )
  core.outbox.onStored((stored) => {
    for (const { tenant, type, subject } of stored)
      if (events.has(type) && subject !== undefined)
        outside(look, tenant, subject, type.endsWith('decided') ? calm : 0)
  })
  const timer = setInterval(sweeping, lookEvery).unref()
  sweeping()
  return {
    close: async () => {
      isClosed = true
      clearInterval(timer)
      for (const wait of due.values()) clearTimeout(wait)
      await Promise.all(running)
    },
  }
}
