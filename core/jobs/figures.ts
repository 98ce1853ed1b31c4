import type { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import type { WorkFigure } from '../observability/metrics.ts'

interface Row {
  readonly status: string
  readonly jobs: string
  readonly oldest_seconds: number
}

/** How much is to be done in all companies together, and since when. */
export async function workFigures(database: Database): Promise<WorkFigure[]> {
  const rows = await database.platformStatement<Row>(sql`SELECT * FROM platform.work_figures()`)
  return rows.map(({ status, jobs, oldest_seconds: seconds }) => ({
    status,
    jobs: Number(jobs),
    oldestSeconds: Math.max(0, seconds),
  }))
}
