import { z } from 'zod'
import {
  byCreation,
  byName,
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
import { sources } from '../sources/source.ts'
import { LeadStatus } from './status.ts'

/** Somebody who may become a customer, as every operation shows one. */
export const Lead = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().meta({ kind: 'phone' }).nullable(),
  companyName: z.string().nullable(),
  title: z.string().nullable(),
  city: z.string().nullable(),
  message: z.string().nullable(),
  answers: z.record(z.string(), z.string()),
  status: LeadStatus,
  statusSince: Moment,
  statusReason: z.string().nullable(),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  sourceId: z.uuid().nullable(),
  sourceName: z.string().nullable(),
  /** The sum of the points that `leads.leads.score` lists. */
  score: z.int(),
  /** How often they have written to us. */
  captures: z.int(),
  lastCapturedAt: Moment,
  contactId: z.uuid().nullable(),
  companyId: z.uuid().nullable(),
  dealId: z.uuid().nullable(),
  convertedAt: Moment.nullable(),
  ...tracked,
})
export type Lead = z.output<typeof Lead>

const Points = z.int().min(-100_000).max(100_000)

export const leads = resource({
  table: 'leads.leads',
  item: Lead,
  fields: {
    ownerName: colleagueName('owner_id'),
    sourceName: raw(
      '(SELECT s.name FROM leads.sources s WHERE s.tenant_id = t.tenant_id AND s.id = t.source_id)',
    ),
  },
  filters: {
    status: filter(LeadStatus, (status) => sql`t.status = ${status}`),
    ownerId: filter(Colleague, (id) => sql`t.owner_id = ${id}`),
    sourceId: filter(idOf(sources), (id) => sql`t.source_id = ${id}`),
    minScore: filter(Points, (points) => sql`t.score >= ${points}`),
    createdAfter: filter(PastMoment, (at) => sql`t.created_at >= ${at}::timestamptz`),
    createdBefore: filter(PastMoment, (at) => sql`t.created_at < ${at}::timestamptz`),
  },
  sorts: {
    createdAt: byCreation,
    score: { expression: raw('t.score'), type: 'integer' },
    name: byName,
  },
  defaultSort: '-createdAt',
  search: 'leads.search_leads',
})
