import { z } from 'zod'
import {
  byCreation,
  byName,
  Colleague,
  colleagueName,
  filter,
  Moment,
  PastMoment,
  resource,
  sql,
  tracked,
} from '#core'
import { byLastContact, hasTag, tagNames } from '../expressions.ts'
import { Place } from '../fields.ts'
import { companyTagging } from '../tags/tagging.ts'
import { Tag } from '../values/tag.ts'

/** A company or another organisation that the company deals with, as every operation shows one. */
export const Company = z.object({
  id: z.uuid(),
  name: z.string(),
  cvr: z.string().nullable(),
  domain: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().meta({ kind: 'phone' }).nullable(),
  address: z.string().nullable(),
  postcode: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  tags: z.array(z.string()),
  lastContactAt: Moment.nullable(),
  ...tracked,
})

export const companies = resource({
  table: 'crm.companies',
  item: Company,
  fields: { ownerName: colleagueName('owner_id'), tags: tagNames(companyTagging) },
  filters: {
    lastContactBefore: filter(PastMoment, (at) => sql`${byLastContact.expression} < ${at}::timestamptz`),
    lastContactAfter: filter(PastMoment, (at) => sql`${byLastContact.expression} >= ${at}::timestamptz`),
    ownerId: filter(Colleague, (id) => sql`t.owner_id = ${id}`),
    city: filter(Place, (city) => sql`crm.fold_plain(t.city) = crm.fold_plain(${city})`),
    tag: filter(Tag.meta({ kind: 'tag' }), (name) => hasTag(companyTagging, name)),
  },
  sorts: { name: byName, lastContactAt: byLastContact, createdAt: byCreation },
  defaultSort: 'name',
  search: 'crm.search_companies',
})
