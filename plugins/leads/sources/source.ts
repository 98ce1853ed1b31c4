import { z } from 'zod'
import { byName, filter, raw, resource, sql, tracked } from '#core'

export const Channel = z.enum(['web', 'phone', 'email', 'event', 'referral', 'ads', 'social', 'other'])

/** Where leads come from. */
export const Source = z.object({
  id: z.uuid(),
  name: z.string(),
  channel: Channel,
  /** How many leads have come from it, and how many of them became customers. */
  leads: z.int(),
  converted: z.int(),
  ...tracked,
})

const count = (condition: string) =>
  raw(
    `(SELECT count(*) FROM leads.leads l WHERE l.tenant_id = t.tenant_id AND l.source_id = t.id${condition})`,
  )

export const sources = resource({
  table: 'leads.sources',
  item: Source,
  fields: { leads: count(''), converted: count(` AND l.status = 'converted'`) },
  filters: { channel: filter(Channel, (channel) => sql`t.channel = ${channel}`) },
  sorts: { name: byName },
  defaultSort: 'name',
  search: 'leads.search_sources',
})
