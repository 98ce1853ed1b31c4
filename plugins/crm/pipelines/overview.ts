import { z } from 'zod'
import { idOf, operation, sql, type Statement } from '#core'
import { StaleDeal, staleDeals } from '../deals/stale.ts'
import { crmSettings, StaleDays } from '../settings.ts'
import { pipelines } from './pipeline.ts'
import { StageKind } from './stages.ts'

const Sum = {
  currency: z.string(),
  deals: z.int(),
  /** Minor units. */
  amount: z.int().meta({ kind: 'money' }),
  /** Amount times probability, in minor units. */
  weightedAmount: z.int().meta({ kind: 'money' }),
}

const StageSummary = z.object({
  stageId: z.uuid(),
  stageName: z.string(),
  pipelineName: z.string(),
  kind: StageKind,
  ...Sum,
  /** Deals that have ever been in the stage, and the per cent of them that went further. */
  entered: z.int(),
  conversion: z.int().nullable(),
  /** Days that deals stood in the stage on average, those that still do included. */
  averageDays: z.int().nullable(),
})

const Overview = z.object({
  /** One for each stage and currency, in the order of the pipeline. */
  items: z.array(StageSummary),
  /** All open deals, by currency. */
  open: z.array(z.object(Sum)),
  /** Open deals that stand still, the longest first. */
  stale: z.array(StaleDeal),
  nextCursor: z.null(),
})

/** The state of sales. Conversion counts deals: of those that entered a stage, how many reached a later one that is not lost. */
export const pipelineOverview = operation({
  name: 'crm.pipelines.overview',
  summary:
    'Show the sales overview: value and weighted value by stage, conversion, and deals that stand still',
  effect: 'read',
  input: z.strictObject({
    pipelineId: idOf(pipelines).optional(),
    staleAfterDays: StaleDays.optional(),
  }),
  output: Overview,
  query: async ({ pipelineId, staleAfterDays }, { settings }) => {
    const chosen = await settings(crmSettings)
    return overview(pipelineId, staleAfterDays ?? chosen.staleAfterDays, chosen.currency)
  },
})

/** `currency` is what a stage without deals is told in. */
const overview = (pipelineId: string | undefined, days: number, currency: string): Statement => sql`
    WITH wanted AS (
      SELECT s.*, p.name AS pipeline_name FROM crm.stages s
      JOIN crm.pipelines p ON p.tenant_id = s.tenant_id AND p.id = s.pipeline_id
      WHERE ${pipelineId ?? null}::uuid IS NULL OR s.pipeline_id = ${pipelineId ?? null}::uuid
    ), valued AS (
      SELECT d.*,
        d.amount * coalesce(CASE d.status WHEN 'open' THEN d.own_probability END, s.probability) / 100 AS weighted
      FROM crm.deals d JOIN wanted s ON s.tenant_id = d.tenant_id AND s.id = d.stage_id
    ), sums AS (
      SELECT stage_id, currency, count(*) AS deals, sum(amount)::bigint AS amount, sum(weighted)::bigint AS weighted
      FROM valued GROUP BY 1, 2
    ), passages AS (
      SELECT s.id AS stage_id, h.deal_id, bool_or(later.id IS NOT NULL) AS went_further
      FROM wanted s JOIN crm.deal_stages h ON h.tenant_id = s.tenant_id AND h.stage_id = s.id
      LEFT JOIN crm.deal_stages n ON n.tenant_id = h.tenant_id AND n.deal_id = h.deal_id AND (n.entered_at, n.id) > (h.entered_at, h.id)
      LEFT JOIN wanted later ON later.id = n.stage_id AND later.place > s.place AND later.kind <> 'lost'
      GROUP BY 1, 2
    ), flow AS (
      SELECT stage_id, count(*) AS entered, count(*) FILTER (WHERE went_further) AS went_further FROM passages GROUP BY 1
    ), pace AS (
      SELECT h.stage_id, round(avg(extract(epoch FROM coalesce(h.left_at, now()) - h.entered_at)) / 86400)::integer AS days
      FROM crm.deal_stages h JOIN wanted s ON s.tenant_id = h.tenant_id AND s.id = h.stage_id AND s.kind = 'open' GROUP BY 1
    )
    SELECT json_build_object(
      'items', (SELECT coalesce(json_agg(json_build_object('stageId', w.id, 'stageName', w.name,
          'pipelineName', w.pipeline_name, 'kind', w.kind, 'currency', coalesce(v.currency, ${currency}),
          'deals', coalesce(v.deals, 0), 'amount', coalesce(v.amount, 0), 'weightedAmount', coalesce(v.weighted, 0),
          'entered', coalesce(f.entered, 0),
          'conversion', CASE WHEN w.kind = 'open' AND f.entered > 0 THEN f.went_further * 100 / f.entered END,
          'averageDays', p.days)
          ORDER BY w.pipeline_name, w.place, v.currency), '[]')
        FROM wanted w LEFT JOIN sums v ON v.stage_id = w.id LEFT JOIN flow f ON f.stage_id = w.id
          LEFT JOIN pace p ON p.stage_id = w.id),
      'open', (SELECT coalesce(json_agg(o), '[]') FROM (
        SELECT currency, count(*) AS deals, sum(amount)::bigint AS amount, sum(weighted)::bigint AS "weightedAmount"
        FROM valued WHERE status = 'open' GROUP BY 1 ORDER BY 1) o),
      'stale', ${staleDeals(days, sql`t.stage_id IN (SELECT id FROM wanted)`)},
      'nextCursor', NULL)::text AS json`
