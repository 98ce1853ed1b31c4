import { sql, type Core } from '#core'
import type { Bolt } from './bolt.ts'
import { addresseeOf, type Body } from './envelope.ts'
import { createReceive, type Receive } from './receive.ts'
import { createInboxStore } from './store.ts'
import { createInboxWorker } from './worker.ts'

/** What Slack tells: taken in, and worked through by this process or another. */
export interface Inbox {
  readonly receive: Receive
  settled(): Promise<void>
  close(): Promise<void>
}

export function createInbox(core: Core, bolt: () => Promise<Bolt>, patience: number): Inbox {
  const { log, database } = core
  const store = createInboxStore(core)
  const worker = createInboxWorker({
    store,
    log,
    work: async ({ body, workspace, eventId: delivery }) =>
      (await bolt()).process(JSON.parse(body) as Body, { workspace, delivery }, async () => undefined),
  })
  const receive = createReceive({
    store,
    bolt,
    log,
    worker,
    patience,
    onRateLimited: async (ownApp, body) => {
      const workspace = await store.workspaceOf(ownApp, addresseeOf(body))
      if (!workspace) return
      const { tenant, id } = workspace
      log.warn({ workspace: id }, 'Slack drops events of a workspace, because they are too many')
      await database.write(
        tenant,
        sql`UPDATE slack.workspaces SET limited_at = ${core.clock.now()} WHERE tenant_id = ${tenant} AND id = ${id}`,
      )
    },
  })
  return { receive, settled: worker.settled, close: worker.close }
}
