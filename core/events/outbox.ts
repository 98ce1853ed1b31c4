import { v7 as uuidv7 } from 'uuid'
import type { TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import type { Caller } from '../operations/caller.ts'
import type { EmittedEvent } from './event.ts'

/** Where and by whom something happened, and what led to it. */
export type EventSource = Pick<Caller, 'tenant' | 'actor' | 'origin' | 'cause'>

/** What is known of an event once it is committed; its payload stays in the table. */
export interface StoredEvent {
  readonly tenant: string
  readonly id: string
  readonly type: string
  readonly subject?: string | undefined
  readonly person?: string | undefined
}

export interface Outbox {
  /** Stores what happened with the change itself, in the exchange of its commit. */
  store(transaction: TenantTransaction, source: EventSource, events: readonly EmittedEvent[]): void
  /** Told after the commit, in this process; a process that dies in between tells nobody, so the table is the truth. */
  onStored(listener: (events: readonly StoredEvent[]) => void): void
}

export function createOutbox(): Outbox {
  const listeners: ((events: readonly StoredEvent[]) => void)[] = []
  return {
    onStored: (listener) => void listeners.push(listener),
    store: (transaction, source, events) => {
      if (events.length === 0) return
      const rows = events.map((event) => ({ id: uuidv7(), ...event }))
      insert(transaction, source, rows)
      const tenant = source.tenant.id
      const stored = rows.map(({ id, type, subject, person }) => ({ tenant, id, type, subject, person }))
      transaction.afterCommit(() => listeners.forEach((listener) => listener(stored)))
    },
  }
}

function insert(
  transaction: TenantTransaction,
  { tenant, actor, origin, cause }: EventSource,
  rows: readonly EmittedEvent[],
): void {
  transaction.queryWithCommit(sql`
    INSERT INTO platform.outbox (tenant_id, id, type, version, payload, subject, person_id, actor, request_id, depth, automations)
    SELECT ${tenant.id}::uuid, id, type, version, payload, subject, person, ${JSON.stringify(actor)}::jsonb, ${origin.requestId},
      ${cause?.depth ?? 0}::smallint, ${[...(cause?.automations ?? [])]}::uuid[]
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS event(id uuid, type text, version integer, payload jsonb, subject text, person uuid)`)
}
