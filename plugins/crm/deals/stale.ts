import { z } from 'zod'
import { Colleague, Moment, operation, raw, sql, type Statement } from '#core'
import { companyName } from '../expressions.ts'
import { crmSettings, StaleDays } from '../settings.ts'

/** An open deal that nobody has moved nor talked about for a while. */
export const StaleDeal = z.object({
  id: z.uuid(),
  title: z.string(),
  companyName: z.string().nullable(),
  stageName: z.string(),
  stageSince: Moment,
  /** When it was last moved, or something was logged about it. */
  lastTouchedAt: Moment,
  /** Whole days since then. */
  daysStill: z.int(),
  amount: z.int().meta({ kind: 'money' }),
  currency: z.string(),
  ownerName: z.string().nullable(),
})

/** Row `t`: when the deal was last moved or something was logged about it. */
const lastTouched = raw(`greatest(t.stage_since, (SELECT max(a.at) FROM crm.activities a
  WHERE a.tenant_id = t.tenant_id AND a.deal_id = t.id AND a.at <= now()))`)

const most = 50

/** The longest still first, as a JSON list of at most 50; `narrowed` is a further condition on deal `t`. */
export const staleDeals = (days: number, narrowed: Statement): Statement => sql`(
  SELECT coalesce(json_agg(o ORDER BY o."lastTouchedAt", o.id), '[]') FROM (
    SELECT t.id, t.title, ${companyName} AS "companyName", s.name AS "stageName", t.stage_since AS "stageSince",
      touched.at AS "lastTouchedAt", floor(extract(epoch FROM now() - touched.at) / 86400)::integer AS "daysStill",
      t.amount, t.currency, (SELECT p.name FROM platform.people p WHERE p.id = t.owner_id) AS "ownerName"
    FROM crm.deals t JOIN crm.stages s ON s.tenant_id = t.tenant_id AND s.id = t.stage_id,
      LATERAL (SELECT ${lastTouched} AS at) touched
    WHERE t.tenant_id = (SELECT app.tenant()) AND t.status = 'open' AND ${narrowed}
      AND touched.at < now() - make_interval(days => ${days}::int)
    ORDER BY touched.at, t.id LIMIT ${most}) o)`

export const listStaleDeals = operation({
  name: 'crm.deals.stale',
  summary: 'List the open deals that stand still: not moved, and nothing logged about them, for some days',
  effect: 'read',
  input: z.strictObject({ days: StaleDays.optional(), ownerId: Colleague.optional() }),
  output: z.object({ items: z.array(StaleDeal), days: z.int(), nextCursor: z.null() }),
  query: async ({ days: said, ownerId }, { settings }) => {
    const days = said ?? (await settings(crmSettings)).staleAfterDays
    return sql`
    SELECT json_build_object('items', ${staleDeals(days, ownerId === undefined ? sql`true` : sql`t.owner_id = ${ownerId}`)},
      'days', ${days}::int, 'nextCursor', NULL)::text AS json`
  },
})
