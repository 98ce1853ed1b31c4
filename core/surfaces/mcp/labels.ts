import type { Database } from '../../database/database.ts'
import { sql } from '../../database/sql.ts'
import { BoundedMap } from '../../identity/boundedMap.ts'
import type { Clock } from '../../operations/context.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import type { AuthenticatedProgram } from '../../identity/index.ts'

/** Which programs have read outsiders' words. Like a conversation's, the label only rises. */
export interface Labels {
  isUntrusted(program: AuthenticatedProgram): Promise<boolean>
  /** Resolves when the label stands: only then may the program see what came back. */
  raise(program: AuthenticatedProgram, operation: AnyOperation): Promise<void>
}

/**
 * The newest revision knows no conversation and no session, so the label is the credential's: what a program has read
 * once it may have kept. Whoever wants a clean one connects the program anew.
 */
export function createLabels(database: Database, clock: Clock): Labels {
  const raised = new BoundedMap<true>(10_000)
  const keyOf = ({ tenant, credential }: AuthenticatedProgram): string => `${tenant.id} ${credential.id}`
  return {
    isUntrusted: async (program) => {
      const { tenant, credential } = program
      if (raised.get(keyOf(program))) return true
      const [row] = await database.read(
        tenant.id,
        sql`SELECT 1 FROM platform.mcp_untrusted WHERE tenant_id = ${tenant.id} AND credential_id = ${credential.id}`,
      )
      if (row) raised.set(keyOf(program), true)
      return row !== undefined
    },
    raise: async (program, operation) => {
      const { tenant, credential } = program
      if (raised.get(keyOf(program))) return
      await database.transaction(tenant.id, 'READ WRITE', ({ query }) =>
        query(sql`
          INSERT INTO platform.mcp_untrusted (tenant_id, credential_id, operation, since)
          VALUES (${tenant.id}, ${credential.id}, ${operation.name}, ${clock.now()}) ON CONFLICT DO NOTHING`),
      )
      raised.set(keyOf(program), true)
    },
  }
}
