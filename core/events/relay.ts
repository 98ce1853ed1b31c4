import type { Database } from '../database/database.ts'
import { prepared, sql, unhurried } from '../database/sql.ts'
import { fault } from '../errors.ts'
import { bothSentences } from '../jobs/failure.ts'
import type { WorkList } from '../jobs/work.ts'

/** Events of one company that are moved in one look. */
const mostOfCompany = 200

/** Moves what stands in the outbox on to those who follow it, as jobs; answers how many it moved. */
export function createRelay(database: Database, { events, followers }: WorkList): () => Promise<number> {
  const known = JSON.stringify(events.map(({ name, version }) => ({ type: name, version })))
  const following = JSON.stringify(followers)
  const unknown = JSON.stringify(bothSentences(fault('event_unknown')))
  return async () => {
    const [row] = await database.platformStatement<{ moved: number }>(
      prepared(
        'tekup_relay_events',
        sql`SELECT moved FROM ${unhurried},
          platform.relay_events(${known}::jsonb, ${following}::jsonb, ${unknown}::jsonb, ${mostOfCompany}) AS moved`,
      ),
    )
    return row?.moved ?? 0
  }
}
