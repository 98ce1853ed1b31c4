import type { Database } from '../database/database.ts'
import { prepared, sql } from '../database/sql.ts'
import type { WorkList } from './work.ts'

/** Schedules that are reckoned in one look. */
const mostAtOnce = 500

interface Row {
  readonly tenant_id: string
  readonly name: string
  readonly cron: string
  readonly zone: string
  /** The time that has come; nothing where the schedule is only reckoned. */
  readonly due_at: Date | null
  readonly at: Date
}

/**
 * Asks for the jobs whose time has come, in every company that has their plugin switched on. A time at which no process
 * ran is made up for once, whatever number of them there was.
 */
export function createSchedules(database: Database, { schedules }: WorkList): () => Promise<boolean> {
  const known = JSON.stringify(
    schedules.map(({ name, plugin, cron, timeZone }) => ({ name, plugin, cron, zone: timeZone ?? null })),
  )
  const asked = new Map(schedules.map((schedule) => [schedule.name, schedule]))
  return async () => {
    if (schedules.length === 0) return false
    const rows = await database.platformStatement<Row>(
      prepared(
        'tekup_schedules_to_reckon',
        sql`SELECT * FROM platform.schedules_to_reckon(${known}::jsonb, ${mostAtOnce}::integer)`,
      ),
    )
    if (rows.length === 0) return false
    const reckoned = await Promise.all(
      rows.map(async (row) => {
        const { input, priority } = asked.get(row.name)!
        return { ...row, input, priority, next_at: await nextTime(row.cron, row.zone, row.at) }
      }),
    )
    await database.platformStatement(sql`SELECT platform.keep_schedules(${JSON.stringify(reckoned)}::jsonb)`)
    return true
  }
}

/** The first time after the given one, in the time zone (IANA). A time that a day skips or has twice follows cron-parser. */
export async function nextTime(cron: string, zone: string, after: Date): Promise<Date> {
  const { CronExpressionParser } = await import('cron-parser')
  return CronExpressionParser.parse(cron, { currentDate: after, tz: zone }).next().toDate()
}
