import type { Logger } from '#core'
import type { Row } from './row.ts'
import { leaseSeconds, type Rows } from './rows.ts'

/** Keeps the rows that this process is sending for itself, however long Slack makes it wait. */
export function holdLeases(rows: Rows, log: Logger) {
  const held = new Map<string, { readonly row: Row; readonly sending: Promise<unknown> }>()
  const ended = new WeakSet<Row>()

  function renew(): void {
    for (const [tenant, ids] of Map.groupBy(held, ([, { row }]) => row.tenant))
      rows.renew(tenant, ids.map(([id]) => id)).catch((error: unknown) => log.warn({ err: error }, 'leases of Slack’s outbox could not be renewed')) // prettier-ignore
  }
  const timer = setInterval(renew, (leaseSeconds * 1_000) / 3).unref()

  return {
    during: async <Result>(row: Row, work: () => Promise<Result>): Promise<Result> => {
      const sending = work()
      held.set(row.id, { row, sending })
      try {
        return await sending
      } finally {
        held.delete(row.id)
      }
    },
    /** What of a workspace has not been begun is not begun any more. */
    end: (workspace: string) => {
      for (const { row } of held.values()) if (row.workspace === workspace) ended.add(row)
    },
    isEnded: (row: Row): boolean => ended.has(row),
    /** Waits for what is being sent. */
    close: async () => {
      clearInterval(timer)
      await Promise.allSettled([...held.values()].map(({ sending }) => sending))
    },
  }
}
