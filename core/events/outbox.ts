import { v7 as uuidv7 } from 'uuid'
import type { TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import type { Caller } from '../operations/caller.ts'
import type { EmittedEvent } from './event.ts'

/** Stores what happened with the change itself; a relay hands it on after the commit. */
export function storeEvents(
  transaction: TenantTransaction,
  caller: Caller,
  events: readonly EmittedEvent[],
): void {
  if (events.length === 0) return
  const rows = JSON.stringify(events.map((event) => ({ id: uuidv7(), ...event })))
  transaction.queryWithCommit(sql`
    INSERT INTO platform.outbox (tenant_id, id, type, version, payload, actor, request_id)
    SELECT ${caller.tenant.id}::uuid, id, type, version, payload, ${JSON.stringify(caller.actor)}::jsonb, ${caller.origin.requestId}
    FROM jsonb_to_recordset(${rows}::jsonb) AS event(id uuid, type text, version integer, payload jsonb)`)
}
