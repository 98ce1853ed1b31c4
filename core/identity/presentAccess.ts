import type { Database } from '../database/database.ts'
import { prepared, sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Registry } from '../operations/registry.ts'
import type { Authenticated } from '../surfaces/authentication.ts'
import { accessOf, type AccessRow } from './access.ts'
import { authenticatedAs } from './authenticate.ts'

/** Who a person is in a company at this moment; refuses with `unauthenticated` when they are no member. */
export type AccessOf = (tenantId: string, personId: string) => Promise<Authenticated>

/** Asks the database each time and remembers nothing: for what runs later than it was allowed. */
export function createPresentAccess(database: Database, registry: () => Registry): AccessOf {
  return async (tenant, person) => {
    const statement = sql`SELECT * FROM platform.access_of_person(${tenant}, ${person})`
    const [row] = await database.platformStatement<AccessRow>(prepared('tekup_access_of_person', statement))
    return authenticatedAs(row ? accessOf(row, registry()) : fail('unauthenticated'))
  }
}
