import type { Database } from '../database/database.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { sql } from '../database/sql.ts'
import type { Lifecycle } from '../lifecycle.ts'
import type { Readiness } from '../surfaces/health.ts'

/** Milliseconds that the database gets to answer before it counts as gone. */
const patience = 2_000

/** Ready when nothing is stopping, the database answers as the login that serves requests, and jobs move where they are done. */
export function createReadiness(
  database: Database,
  lifecycle: Lifecycle,
  jobs: Pick<Jobs, 'reasons'>,
): Readiness {
  return {
    reasons: async () => {
      if (!lifecycle.serving) return ['The process is shutting down.']
      const answered = database
        .platform(({ query }) => query(sql`SELECT 1`))
        .then(
          () => true,
          () => false,
        )
      const gaveUp = new Promise<false>((resolve) => setTimeout(resolve, patience, false).unref())
      return (await Promise.race([answered, gaveUp])) ? jobs.reasons() : ['The database does not answer.']
    },
  }
}
