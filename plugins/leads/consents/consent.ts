import { z } from 'zod'
import { filter, idOf, Moment, raw, resource, sql, tracked } from '#core'
import { leads } from '../leads/lead.ts'

/** That somebody agreed, to exactly which words, when and from where. */
export const Consent = z.object({
  id: z.uuid(),
  leadId: z.uuid(),
  leadName: z.string(),
  formId: z.uuid().nullable(),
  formName: z.string().nullable(),
  text: z.string(),
  consentVersion: z.int(),
  givenAt: Moment,
  network: z.string().nullable(),
  page: z.string().nullable(),
  withdrawnAt: Moment.nullable(),
  ...tracked,
})

export const consents = resource({
  table: 'leads.consents',
  item: Consent,
  fields: {
    leadName: raw('(SELECT l.name FROM leads.leads l WHERE l.tenant_id = t.tenant_id AND l.id = t.lead_id)'),
    formName: raw('(SELECT f.name FROM leads.forms f WHERE f.tenant_id = t.tenant_id AND f.id = t.form_id)'),
  },
  filters: { leadId: filter(idOf(leads), (id) => sql`t.lead_id = ${id}`) },
  sorts: { givenAt: { expression: raw('t.given_at'), type: 'timestamptz' } },
  defaultSort: '-givenAt',
})
