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
  saying,
  sql,
  tracked,
  type Statement,
} from '#core'
import { companies } from '../companies/company.ts'
import { byLastContact, companyName, hasTag, tagNames } from '../expressions.ts'
import { contactTagging } from '../tags/tagging.ts'
import { Tag } from '../values/tag.ts'
import { StoredEmail, StoredPhone } from './reach.ts'

/** A person that the company deals with, as every operation shows one. */
export const Contact = z.object({
  id: z.uuid(),
  name: z.string(),
  /** "Bente Skov (Havneby Tandklinik)": tells two people of one name apart. */
  label: z.string(),
  title: z.string().nullable(),
  companyId: z.uuid().nullable(),
  companyName: z.string().nullable(),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  emails: z.array(StoredEmail),
  phones: z.array(StoredPhone),
  tags: z.array(z.string()),
  address: z.string().nullable(),
  postcode: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
  lastContactAt: Moment.nullable(),
  ...tracked,
})

/** What another program calls a contact: the program and its id. */
const ExternalId = z
  .string()
  .max(250)
  .refine(
    (id) => /^[a-z0-9_-]{1,40}:./.test(id),
    saying({
      da: 'skriv programmet og dets id, som hubspot:151',
      en: 'write the program and its id, such as hubspot:151',
    }),
  )
  .meta({ examples: ['hubspot:151'] })

export const contacts = resource({
  table: 'crm.contacts',
  item: Contact,
  fields: {
    label: raw(`t.name || coalesce(' (' || ${companyName.text} || ')', '')`),
    companyName,
    ownerName: colleagueName('owner_id'),
    tags: tagNames(contactTagging),
  },
  filters: {
    companyId: filter(idOf(companies), (id) => sql`t.company_id = ${id}`),
    ownerId: filter(Colleague, (id) => sql`t.owner_id = ${id}`),
    tag: filter(Tag.meta({ kind: 'tag' }), (name) => hasTag(contactTagging, name)),
    externalId: filter(ExternalId, hasExternalId),
    lastContactBefore: filter(PastMoment, (at) => sql`${byLastContact.expression} < ${at}::timestamptz`),
  },
  sorts: { name: byName, lastContactAt: byLastContact, createdAt: byCreation },
  defaultSort: 'name',
  search: 'crm.search_contacts',
})

function hasExternalId(id: string): Statement {
  const [source, ...rest] = id.split(':')
  return sql`EXISTS (SELECT FROM crm.contact_external_ids x WHERE x.tenant_id = t.tenant_id AND x.contact_id = t.id
    AND x.source = ${source} AND x.external_id = ${rest.join(':')})`
}
