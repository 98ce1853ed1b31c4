import { raw, sql, type Raw, type Sort, type Statement } from '#core'
import type { Tagging } from './tags/tagging.ts'

/** Pieces of SQL that several resources show of row `t`. */

export const companyName = raw(
  '(SELECT c.name FROM crm.companies c WHERE c.tenant_id = t.tenant_id AND c.id = t.company_id)',
)
export const contactName = raw(
  '(SELECT c.name FROM crm.contacts c WHERE c.tenant_id = t.tenant_id AND c.id = t.contact_id)',
)

export const tagNames = ({ table, subject }: Tagging): Raw =>
  raw(`ARRAY(SELECT g.name FROM ${table} x JOIN crm.tags g ON g.tenant_id = x.tenant_id AND g.id = x.tag_id
    WHERE x.tenant_id = t.tenant_id AND x.${subject} = t.id ORDER BY g.name)`)

export const hasTag = ({ table, subject }: Tagging, name: string): Statement =>
  sql`EXISTS (SELECT FROM ${raw(table)} x JOIN crm.tags g ON g.tenant_id = x.tenant_id AND g.id = x.tag_id
    WHERE x.tenant_id = t.tenant_id AND x.${raw(subject)} = t.id AND g.folded_name = crm.fold_plain(${name}))`

/** Never talked with comes before everybody. */
export const byLastContact: Sort = {
  expression: raw(`coalesce(t.last_contact_at, timestamptz '-infinity')`),
  type: 'timestamptz',
}
