import { validate as isUuid } from 'uuid'
import type { Database } from '../database/database.ts'
import { prepared, sql } from '../database/sql.ts'
import type { StoredEvent } from '../events/outbox.ts'

/** The outbox as a log that a reader resumes from. */
export interface EventLog {
  /** From where a reader resumes who has read everything now. */
  newest(tenant: string): Promise<string>
  /**
   * What a reader may have missed who has seen this event last, in the order of transactions: some of it may have been
   * seen. Nothing where the log does not go back so far, or holds too much since.
   */
  after(tenant: string, last: string): Promise<readonly StoredEvent[] | undefined>
  /** What was stored last at each of these companies since (milliseconds since 1970). */
  recent(tenants: readonly string[], since: number): Promise<readonly StoredEvent[]>
}

/** Before the first event. */
const beginning = '00000000-0000-0000-0000-000000000000'

/** Events beyond which reading again is less work than being told of each. */
const mostEvents = 1_000

/**
 * Seconds that a hint may take from its commit to a reader. Whoever saw an event before another one of an earlier commit
 * is told of that again.
 */
export const overlap = 60

/** Events of all companies that are looked through at once, in equal shares. */
const mostRecent = 5_000

interface Recent {
  readonly tenant: string
  readonly id: string
  readonly type: string
  readonly subject: string | null
  readonly person: string | null
}

interface Found {
  readonly known: boolean
  readonly events: readonly {
    readonly id: string
    readonly type: string
    readonly subject: string | null
    readonly person_id: string | null
  }[]
}

/**
 * Ids are in no order of commits. An event's `floor` is the oldest transaction that was open when it was stored, so what
 * was committed later has an `xid` from there on; what was committed before and told later, for it came another way, is
 * young.
 */
export function createEventLog(
  { read, platformStatement }: Pick<Database, 'read' | 'platformStatement'>,
  bounds = { overlap, mostEvents, mostRecent },
): EventLog {
  return {
    newest: async (tenant) => {
      const newest = sql`SELECT id FROM platform.outbox WHERE tenant_id = (SELECT app.tenant()) ORDER BY id DESC LIMIT 1`
      const [row] = await read<{ id: string }>(tenant, prepared('tekup_newest_event', newest))
      return row?.id ?? beginning
    },
    after: async (tenant, last) => {
      if (!isUuid(last)) return undefined
      const [row] = await read<Found>(
        tenant,
        prepared('tekup_events_after', eventsAfter(last, bounds.overlap, bounds.mostEvents + 1)),
      )
      if (!row?.known || row.events.length > bounds.mostEvents) return undefined
      return row.events.map(({ id, type, subject, person_id }) => ({
        tenant,
        id,
        type,
        subject: subject ?? undefined,
        person: person_id ?? undefined,
      }))
    },
    recent: async (tenants, since) => {
      const recent = sql`SELECT * FROM platform.recent_events(${[...tenants]}::uuid[], ${firstIdOf(since)}::uuid, ${bounds.mostRecent})`
      const rows = await platformStatement<Recent>(prepared('tekup_recent_events', recent))
      return rows.map((row) => ({
        ...row,
        subject: row.subject ?? undefined,
        person: row.person ?? undefined,
      }))
    },
  }
}

const eventsAfter = (last: string, seconds: number, most: number) => sql`
  WITH last AS (
    SELECT floor FROM platform.outbox WHERE tenant_id = (SELECT app.tenant()) AND id = ${last}::uuid
    UNION ALL SELECT '0' WHERE ${last}::uuid = ${beginning}::uuid),
  later AS (
    SELECT id, type, subject, person_id, xid FROM platform.outbox
    WHERE tenant_id = (SELECT app.tenant()) AND xid >= (SELECT floor FROM last)
    UNION
    SELECT id, type, subject, person_id, xid FROM platform.outbox
    WHERE tenant_id = (SELECT app.tenant()) AND id >= ${earlier(last, seconds)}::uuid AND EXISTS (SELECT FROM last)),
  told AS (SELECT * FROM later WHERE id <> ${last}::uuid ORDER BY xid, id LIMIT ${most})
  SELECT EXISTS (SELECT FROM last) AS known,
    coalesce((SELECT json_agg(told ORDER BY xid, id) FROM told), '[]') AS events`

const earlier = (id: string, seconds: number): string =>
  firstIdOf(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) - seconds * 1000)

/** The first id of a time: a UUIDv7 begins with its milliseconds since 1970 (RFC 9562, 5.7). */
function firstIdOf(time: number): string {
  const hex = Math.max(0, time).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
