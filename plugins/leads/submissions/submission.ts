import { z } from 'zod'
import { byCreation, filter, idOf, raw, resource, sql, tracked } from '#core'
import { forms } from '../forms/form.ts'
import { suspicions } from '../forms/suspicion.ts'
import { leads } from '../leads/lead.ts'

const Status = z.enum(['accepted', 'quarantined'])

/** What came in through a form, as it was sent. */
export const Submission = z.object({
  id: z.uuid(),
  formId: z.uuid().nullable(),
  formName: z.string().nullable(),
  leadId: z.uuid().nullable(),
  leadName: z.string().nullable(),
  status: Status,
  /** Name, email or whatever says best who sent it. */
  sender: z.string(),
  fields: z.record(z.string(), z.string()),
  consentVersion: z.int().nullable(),
  suspicions: z.array(z.enum(suspicions)),
  network: z.string().nullable(),
  origin: z.string().nullable(),
  page: z.string().nullable(),
  ...tracked,
})

export const submissions = resource({
  table: 'leads.submissions',
  item: Submission,
  fields: {
    formName: raw('(SELECT f.name FROM leads.forms f WHERE f.tenant_id = t.tenant_id AND f.id = t.form_id)'),
    leadName: raw('(SELECT l.name FROM leads.leads l WHERE l.tenant_id = t.tenant_id AND l.id = t.lead_id)'),
    sender: raw(`coalesce(nullif(t.fields ->> 'name', ''), nullif(t.fields ->> 'email', ''), '?')`),
  },
  filters: {
    status: filter(Status, (status) => sql`t.status = ${status}`),
    formId: filter(idOf(forms), (id) => sql`t.form_id = ${id}`),
    leadId: filter(idOf(leads), (id) => sql`t.lead_id = ${id}`),
  },
  sorts: { createdAt: byCreation },
  defaultSort: '-createdAt',
})
