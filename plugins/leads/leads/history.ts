import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { idOf, Moment, operation, sql, type WriteContext } from '#core'
import { leads } from './lead.ts'

const Kind = z.enum(['created', 'captured', 'moved', 'assigned', 'linked', 'converted', 'changed'])

const Happening = z.object({
  id: z.uuid(),
  kind: Kind,
  at: Moment,
  /** For a move the statuses; for an assignment the owners' names. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  reason: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  actorKind: z.string(),
  actorName: z.string(),
})

interface Told {
  readonly lead: string
  readonly kind: z.output<typeof Kind>
  readonly before?: string | null | undefined
  readonly after?: string | null | undefined
  readonly reason?: string | null | undefined
  readonly details?: Readonly<Record<string, unknown>>
}

/** Writes down what happened with a lead, and answers the id of the line: the event that points are given for. */
export function remember(context: WriteContext, told: Told): { id: string; stored: Promise<unknown> } {
  const id = uuidv7()
  const { actor } = context
  const { lead, kind, before = null, after = null, reason = null, details = {} } = told
  const stored = context.query(sql`
    INSERT INTO leads.history (tenant_id, id, lead_id, kind, before, after, reason, details, actor_kind, actor_name, at)
    VALUES (${context.tenant.id}, ${id}, ${lead}, ${kind}, ${before}, ${after}, ${reason},
      ${JSON.stringify(details)}::jsonb, ${actor.kind}, ${actor.name}, ${context.clock.now()})`)
  return { id, stored }
}

export const leadHistory = operation({
  name: 'leads.leads.history',
  summary:
    'Show what has happened with a lead, the latest first: captures, statuses, owners, links, conversion',
  effect: 'read',
  untrusted: true,
  input: z.strictObject({ id: idOf(leads) }),
  output: z.object({ items: z.array(Happening), nextCursor: z.null() }),
  query: ({ id }) => sql`
    SELECT json_build_object('items', (
        SELECT coalesce(json_agg(json_build_object('id', h.id, 'kind', h.kind, 'at', h.at, 'before', h.before,
          'after', h.after, 'reason', h.reason, 'details', h.details, 'actorKind', h.actor_kind, 'actorName', h.actor_name)
          ORDER BY h.at DESC, h.id DESC), '[]')
        FROM leads.history h WHERE h.tenant_id = t.tenant_id AND h.lead_id = t.id),
      'nextCursor', NULL)::text AS json
    FROM leads.leads t WHERE t.tenant_id = (SELECT app.tenant()) AND t.id = ${id}`,
})
