import type { Database } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import { personOf, type Clock } from '../operations/context.ts'
import type { Authenticated } from './authenticate.ts'
import type { Bearer } from './bearer.ts'
import { hashToken, isToken, makeToken } from './opaqueToken.ts'

export interface Ticket {
  readonly ticket: string
  /** Seconds. */
  readonly expiresIn: number
}

export interface Tickets {
  /** A ticket with which whoever asks opens one connection, where they can send nothing else. */
  issue(who: Authenticated): Promise<Ticket>
  /** Whose it is, once; refuses with `unauthenticated`. */
  use(ticket: string): Promise<Bearer>
}

/** Seconds that a ticket is good for. */
const ticketLife = 30

interface TicketRow {
  readonly tenant_id: string
  readonly person_id: string
  readonly session_id: string | null
  readonly key_id: string | null
}

/** Kept as hashes in the database, so that any process takes what another one gave. */
export function createTickets(database: Database, clock: Clock): Tickets {
  return {
    issue: async ({ tenant, actor, sessionId }) => {
      const person = personOf(actor) ?? fail('unauthenticated')
      const key = actor.kind === 'key' ? actor.id : null
      const ticket = makeToken('lt')
      const now = clock.now()
      const ends = new Date(now.getTime() + ticketLife * 1000)
      await database.platformStatement(
        sql`SELECT platform.keep_ticket(${hashToken(ticket)}, ${tenant.id}, ${person}, ${sessionId ?? null}, ${key}, ${now}, ${ends})`,
      )
      return { ticket, expiresIn: ticketLife }
    },
    use: async (ticket) => {
      if (!isToken(ticket, 'lt')) fail('unauthenticated')
      const [row] = await database.platformStatement<TicketRow>(
        sql`SELECT * FROM platform.use_ticket(${hashToken(ticket)}, ${clock.now()})`,
      )
      if (!row) fail('unauthenticated')
      const { tenant_id: tenant, person_id: person, session_id: session, key_id: key } = row
      return { tenant, person, session: session ?? undefined, key: key ?? undefined }
    },
  }
}
