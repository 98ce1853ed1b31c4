import { z } from 'zod'
import {
  Colleague,
  colleagueName,
  filter,
  idOf,
  Moment,
  PastMoment,
  raw,
  resource,
  sql,
  tracked,
} from '#core'
import { companies } from '../companies/company.ts'
import { contacts } from '../contacts/contact.ts'
import { deals } from '../deals/deal.ts'
import { companyName, contactName } from '../expressions.ts'

/** What people log; `stage` is what a deal's move leaves behind. */
export const LoggedKind = z.enum(['call', 'meeting', 'email', 'note', 'other'])
export const ActivityKind = z.enum([...LoggedKind.options, 'stage'])

/** Something that was said or done with a customer: one entry of the timeline. */
export const Activity = z.object({
  id: z.uuid(),
  kind: ActivityKind,
  subject: z.string(),
  body: z.string().nullable(),
  at: Moment,
  contactId: z.uuid().nullable(),
  contactName: z.string().nullable(),
  companyId: z.uuid().nullable(),
  companyName: z.string().nullable(),
  dealId: z.uuid().nullable(),
  dealTitle: z.string().nullable(),
  personId: z.uuid().nullable(),
  personName: z.string().nullable(),
  ...tracked,
})

export const activities = resource({
  table: 'crm.activities',
  item: Activity,
  fields: {
    contactName,
    companyName,
    dealTitle: raw('(SELECT d.title FROM crm.deals d WHERE d.tenant_id = t.tenant_id AND d.id = t.deal_id)'),
    personName: colleagueName('person_id'),
  },
  filters: {
    contactId: filter(idOf(contacts), (id) => sql`t.contact_id = ${id}`),
    companyId: filter(idOf(companies), (id) => sql`t.company_id = ${id}`),
    dealId: filter(idOf(deals), (id) => sql`t.deal_id = ${id}`),
    kind: filter(ActivityKind, (kind) => sql`t.kind = ${kind}`),
    personId: filter(Colleague, (id) => sql`t.person_id = ${id}`),
    after: filter(PastMoment, (at) => sql`t.at >= ${at}`),
    before: filter(PastMoment, (at) => sql`t.at < ${at}`),
  },
  sorts: { at: { expression: raw('t.at'), type: 'timestamptz' } },
  defaultSort: '-at',
  search: 'crm.search_activities',
})
