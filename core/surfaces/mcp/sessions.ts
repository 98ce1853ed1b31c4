import { randomUUID } from 'node:crypto'
import type { Database } from '../../database/database.ts'
import { sql } from '../../database/sql.ts'
import { BoundedMap } from '../../identity/boundedMap.ts'
import type { AuthenticatedProgram } from '../../identity/index.ts'
import type { Clock } from '../../operations/context.ts'
import type { Elicitation, VisitSession } from './parts.ts'

/**
 * Sessions of the 2025 revisions. All that one holds stands in the database, so that any process can answer any
 * request; an id opens nothing without the credential that it was made for.
 */
export interface Sessions {
  open(program: AuthenticatedProgram, elicitation: Elicitation, protocol: string): Promise<VisitSession>
  /** The session of this id, if it is this program's and has not ended. */
  find(program: AuthenticatedProgram, id: string): Promise<VisitSession | undefined>
  /** False when there was none to end. */
  end(program: AuthenticatedProgram, id: string): Promise<boolean>
}

interface Remembered {
  readonly session: VisitSession
  readonly until: number
}

/** Milliseconds that another process may still answer a session that was ended. */
const rememberedMs = 5_000
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function createSessions(database: Database, clock: Clock): Sessions {
  const memory = new BoundedMap<Remembered>(5_000)
  const keyOf = ({ tenant, credential }: AuthenticatedProgram, id: string) =>
    `${tenant.id} ${credential.id} ${id}`
  const now = (): number => clock.now().getTime()
  return {
    open: async ({ tenant, credential }, elicitation, protocol) => {
      const session = { id: randomUUID(), elicitation }
      await database.transaction(tenant.id, 'READ WRITE', async ({ query }) => {
        await query(sql`
          DELETE FROM platform.mcp_sessions WHERE tenant_id = ${tenant.id} AND credential_id = ${credential.id}
            AND created_at < ${new Date(now() - 30 * 86_400_000)}`)
        await query(sql`
          INSERT INTO platform.mcp_sessions (tenant_id, id, credential_id, protocol, capabilities, created_at)
          VALUES (${tenant.id}, ${session.id}, ${credential.id}, ${protocol}, ${JSON.stringify(elicitation)}::jsonb,
            ${clock.now()})`)
      })
      return session
    },
    find: async (program, id) => {
      if (!uuid.test(id)) return undefined
      const known = memory.get(keyOf(program, id))
      if (known && known.until > now()) return known.session
      const { tenant, credential } = program
      const [row] = await database.read<{ capabilities: Elicitation }>(
        tenant.id,
        sql`SELECT capabilities FROM platform.mcp_sessions
          WHERE tenant_id = ${tenant.id} AND id = ${id} AND credential_id = ${credential.id} AND ended_at IS NULL`,
      )
      const session = row && { id, elicitation: row.capabilities }
      if (session) memory.set(keyOf(program, id), { session, until: now() + rememberedMs })
      return session
    },
    end: async (program, id) => {
      if (!uuid.test(id)) return false
      memory.delete(keyOf(program, id))
      const { tenant, credential } = program
      const ended = await database.transaction(tenant.id, 'READ WRITE', ({ query }) =>
        query(sql`UPDATE platform.mcp_sessions SET ended_at = ${clock.now()}
          WHERE tenant_id = ${tenant.id} AND id = ${id} AND credential_id = ${credential.id} AND ended_at IS NULL
          RETURNING 1`),
      )
      return ended.length > 0
    },
  }
}
