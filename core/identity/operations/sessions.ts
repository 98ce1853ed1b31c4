import { z } from 'zod'
import { sql } from '../../database/sql.ts'
import { fail } from '../../errors.ts'
import { operation, type AnyOperation } from '../../operations/operation.ts'
import type { AccessChanges } from '../accessChanges.ts'
import { actingPerson, sessionOf } from './actor.ts'

const Session = z.object({
  id: z.uuid(),
  userAgent: z.string(),
  address: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  /** True for the session that asks. */
  current: z.boolean(),
})

interface Row {
  readonly id: string
  readonly user_agent: string
  readonly address: string
  readonly created_at: Date
  readonly last_used_at: Date
}

const listSessions = operation({
  name: 'platform.sessions.list',
  summary: 'List where the person is signed in',
  effect: 'read',
  input: z.strictObject({ limit: z.int().min(1).max(200).default(50) }),
  output: z.object({ items: z.array(Session), nextCursor: z.null() }),
  async run({ limit }, context) {
    const current = sessionOf(context)
    const rows = await context.query<Row>(sql`
      SELECT * FROM platform.sessions_of(${actingPerson(context)}, ${context.clock.now()}) LIMIT ${limit}::int`)
    const items = rows.map((row) => ({
      id: row.id,
      userAgent: row.user_agent,
      address: row.address,
      createdAt: row.created_at.toISOString(),
      lastUsedAt: row.last_used_at.toISOString(),
      current: row.id === current,
    }))
    return { items, nextCursor: null }
  },
})

export function sessionOperations(changes: AccessChanges): AnyOperation[] {
  const deleteSession = operation({
    name: 'platform.sessions.delete',
    summary: 'Sign the person out of one of their sessions, at once',
    effect: 'write',
    input: z.strictObject({ id: z.uuid().meta({ refers: 'platform.sessions' }) }),
    output: z.object({ id: z.uuid() }),
    async run({ id }, context) {
      changes.announce(id)
      const ended = await context.query(sql`
        SELECT * FROM platform.end_sessions_of(${actingPerson(context)}, ${id}, NULL, ${context.clock.now()})`)
      return ended.length > 0 ? { id } : fail('not_found')
    },
  })
  return [listSessions, deleteSession]
}
