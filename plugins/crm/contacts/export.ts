import { z } from 'zod'
import { fileOutput, idOf, operation, sql, type ReadContext } from '#core'
import { companies } from '../companies/company.ts'
import type { ContactDraft } from '../exchange/contact.ts'
import { CsvChoice, csvFile, fileName, gathered } from '../exchange/csv/file.ts'
import { contactHeaders, contactRow } from '../exchange/fromContact.ts'
import { writeCards } from '../exchange/vcard/write.ts'
import { hasTag } from '../expressions.ts'
import { contactTagging } from '../tags/tagging.ts'
import { Tag } from '../values/tag.ts'

const Wanted = z.strictObject({
  format: z.enum(['csv', 'vcard']).default('csv'),
  ...CsvChoice,
  companyId: idOf(companies).optional(),
  tag: Tag.meta({ kind: 'tag' }).optional(),
})
type Wanted = z.output<typeof Wanted>

export const exportContacts = operation({
  name: 'crm.contacts.export',
  summary: 'Export contacts as a CSV file or as vCard 4.0',
  effect: 'read',
  input: Wanted,
  output: fileOutput(),
  async run(wanted, context) {
    const rows = await exported(context, wanted)
    const making = { locale: context.locale, now: context.clock.now() }
    if (wanted.format === 'csv') {
      const table = [contactHeaders(context.locale), ...rows.map(contactRow)]
      return csvFile(making, name, table, wanted.delimiter)
    }
    const content = await gathered(writeCards(rows))
    return { name: `${fileName(making, name)}.vcf`, mediaType: 'text/vcard', content }
  },
})

const name = { da: 'kontakter', en: 'contacts' }

/** In the stored form that the import reads back: what is exported and imported again is the same. */
async function exported(context: ReadContext, { companyId, tag }: Wanted): Promise<ContactDraft[]> {
  const ofCompany = companyId === undefined ? sql`true` : sql`t.company_id = ${companyId}`
  const tagged = tag === undefined ? sql`true` : hasTag(contactTagging, tag)
  const rows = await context.query<{ contact: Nullable<ContactDraft> }>(sql`
    SELECT json_build_object('externalId', t.id, 'name', t.name, 'title', t.title, 'emails', t.addresses,
      'phones', ARRAY(SELECT p ->> 'number' FROM jsonb_array_elements(t.phones) p),
      'company', c.name, 'companyCvr', c.cvr, 'address', t.address, 'postcode', t.postcode, 'city', t.city,
      'country', t.country, 'createdAt', t.created_at::date,
      'owner', (SELECT p.email FROM platform.people p WHERE p.id = t.owner_id),
      'tags', ARRAY(SELECT g.name FROM crm.contact_tags x JOIN crm.tags g ON g.tenant_id = x.tenant_id AND g.id = x.tag_id
        WHERE x.tenant_id = t.tenant_id AND x.contact_id = t.id ORDER BY g.name)) AS contact
    FROM crm.contacts t LEFT JOIN crm.companies c ON c.tenant_id = t.tenant_id AND c.id = t.company_id
    WHERE ${ofCompany} AND ${tagged} ORDER BY t.name COLLATE "da-x-icu", t.id`)
  return rows.map(({ contact }) => withoutNulls(contact) as unknown as ContactDraft)
}

type Nullable<Values> = { readonly [Key in keyof Values]: Values[Key] | null }

const withoutNulls = (values: Nullable<ContactDraft>): Partial<ContactDraft> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
