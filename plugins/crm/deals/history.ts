import { z } from 'zod'
import { idOf, Moment, operation, sql } from '#core'
import { deals } from './deal.ts'

const StagePassage = z.object({
  stageId: z.uuid(),
  stageName: z.string(),
  enteredAt: Moment,
  /** Null where the deal still is. */
  leftAt: Moment.nullable(),
  /** Whole days in the stage, until now where it still is. */
  days: z.int(),
})

export const dealHistory = operation({
  name: 'crm.deals.history',
  summary: 'Show how long a deal was in each stage, the latest first',
  effect: 'read',
  input: z.strictObject({ id: idOf(deals) }),
  output: z.object({ items: z.array(StagePassage), nextCursor: z.null() }),
  query: ({ id }) => sql`
    SELECT json_build_object('items', (
        SELECT coalesce(json_agg(json_build_object('stageId', s.id, 'stageName', s.name, 'enteredAt', h.entered_at,
          'leftAt', h.left_at, 'days', floor(extract(epoch FROM coalesce(h.left_at, now()) - h.entered_at) / 86400)::integer)
          ORDER BY h.entered_at DESC, h.id DESC), '[]')
        FROM crm.deal_stages h JOIN crm.stages s ON s.tenant_id = h.tenant_id AND s.id = h.stage_id
        WHERE h.tenant_id = d.tenant_id AND h.deal_id = d.id),
      'nextCursor', NULL)::text AS json
    FROM crm.deals d WHERE d.tenant_id = (SELECT app.tenant()) AND d.id = ${id}`,
})
