import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, idOf, Moment, operation, sql, type WriteContext } from '#core'
import { leads } from '../leads/lead.ts'
import { holds, type Condition, type Judged } from './condition.ts'

/** What the points are given for. */
interface Cause {
  /** The line of the lead's history; the same event gives the points of a rule once. */
  readonly event: string
  /** What they wrote, where they wrote to us just now. */
  readonly captured?: { readonly message: string | null }
}

interface Rule extends Condition {
  readonly id: string
  readonly name: string
  readonly per: 'lead' | 'capture'
  readonly points: number
  readonly active: boolean
  /** What the lead has of it already. */
  readonly given: number
}

/**
 * Brings the points of a lead up to date: rules of the lead give their points while they hold and take them back when they
 * no longer do; rules of a capture give theirs each time. Each is a line of the ledger with its reason.
 */
export async function scoreLead(context: WriteContext, id: string, cause: Cause): Promise<void> {
  const [lead] = await context.query<Judged>(sql`
    SELECT t.email, t.phone, t.company_name AS "companyName", t.title, t.city, t.message, t.score, (
      SELECT s.name FROM leads.sources s WHERE s.id = t.source_id) AS "sourceName"
    FROM leads.leads t WHERE t.id = ${id} FOR UPDATE OF t`)
  if (!lead) fail('not_found')
  const rules = await rulesOf(context, id)
  const entries = rules.flatMap((rule) => entryOf(rule, lead, cause, context.locale))
  if (entries.length > 0) await store(context, id, cause, entries)
}

const rulesOf = (context: WriteContext, lead: string): Promise<Rule[]> =>
  context.query<Rule>(sql`
    SELECT r.id, r.name, r.per, r.field, r.operator, r.value, r.points, r.active, coalesce((
      SELECT sum(p.points) FROM leads.points p WHERE p.lead_id = ${lead} AND p.rule_id = r.id), 0)::integer AS given
    FROM leads.scoring_rules r ORDER BY r.id`)

interface Entry {
  readonly id: string
  readonly rule_id: string
  readonly points: number
  readonly reason: string
}

function entryOf(rule: Rule, lead: Judged, { captured }: Cause, locale: 'da' | 'en'): Entry[] {
  const written = rule.per === 'capture'
  const held = rule.active && holds(rule, written ? { ...lead, ...captured } : lead)
  if (written) return held && captured ? [entry(rule, rule.points, rule.name)] : []
  const missing = (held ? rule.points : 0) - rule.given
  if (missing === 0) return []
  return [entry(rule, missing, held ? rule.name : `${rule.name} (${noLonger[locale]})`)]
}

const noLonger = { da: 'gælder ikke længere', en: 'no longer so' }

const entry = ({ id }: Rule, points: number, reason: string): Entry => ({
  id: uuidv7(),
  rule_id: id,
  points,
  reason,
})

const store = (context: WriteContext, lead: string, { event }: Cause, entries: readonly Entry[]) =>
  context.query(sql`
    INSERT INTO leads.points (tenant_id, id, lead_id, rule_id, event_id, points, reason, at)
    SELECT ${context.tenant.id}, id, ${lead}, rule_id, ${event}, points, reason, ${context.clock.now()}
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS row(id uuid, rule_id uuid, points integer, reason text)
    ON CONFLICT ON CONSTRAINT points_once DO NOTHING`)

const Point = z.object({
  id: z.uuid(),
  points: z.int(),
  reason: z.string(),
  ruleId: z.uuid(),
  at: Moment,
})

export const leadScore = operation({
  name: 'leads.leads.score',
  summary: 'Explain the score of a lead: each point with its reason, the latest first',
  effect: 'read',
  untrusted: true,
  input: z.strictObject({ id: idOf(leads) }),
  output: z.object({ name: z.string(), score: z.int(), items: z.array(Point), nextCursor: z.null() }),
  query: ({ id }) => sql`
    SELECT json_build_object('name', t.name, 'score', t.score, 'items', (
        SELECT coalesce(json_agg(json_build_object('id', p.id, 'points', p.points, 'reason', p.reason, 'ruleId', p.rule_id,
          'at', p.at) ORDER BY p.at DESC, p.id DESC), '[]')
        FROM leads.points p WHERE p.tenant_id = t.tenant_id AND p.lead_id = t.id),
      'nextCursor', NULL)::text AS json
    FROM leads.leads t WHERE t.tenant_id = (SELECT app.tenant()) AND t.id = ${id}`,
})
