import type { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import type { Lifecycle } from '../lifecycle.ts'
import type { Readiness } from '../surfaces/health.ts'

/** Milliseconds that the database gets to answer before it counts as gone. */
const patience = 2_000

/** Ready when nothing is stopping and the database answers as the login that serves requests. */
export function createReadiness(database: Database, lifecycle: Lifecycle): Readiness {
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
      return (await Promise.race([answered, gaveUp])) ? [] : ['The database does not answer.']
    },
  }
}
