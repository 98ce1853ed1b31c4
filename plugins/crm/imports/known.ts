import { sql, type ReadContext, type WriteContext } from '#core'
import { foldPlain } from '../values/fold.ts'
import { remember, type KnownContact } from './keys.ts'
import type { ReadRow } from './rows.ts'

type Context = ReadContext | WriteContext

/** The contacts that the rows may be about. Ids in the file are those of `idSource`, or our own. */
export async function knownContacts(
  context: Context,
  rows: readonly ReadRow[],
  idSource: string,
): Promise<Map<string, KnownContact>> {
  const addresses = rows.flatMap(({ contact }) => contact.emails)
  const ids = rows.flatMap(({ contact }) => contact.externalId ?? [])
  const names = [...new Set(rows.map(({ contact }) => foldPlain(contact.name)))]
  const found = await context.query<KnownContact>(sql`
    SELECT c.id, c.name, c.company_id AS "companyId", c.emails, c.phones, ARRAY(
      SELECT x.external_id FROM crm.contact_external_ids x WHERE x.contact_id = c.id AND x.source = ${idSource}
    ) AS "externalIds"
    FROM (
      SELECT x.contact_id AS id FROM crm.contact_external_ids x
        WHERE x.source = ${idSource} AND x.external_id = ANY (${ids}::text[])
      UNION SELECT unnest(${ids.filter(isUuid)}::uuid[])
      UNION SELECT a.id FROM crm.contacts_with_addresses(${addresses}::text[]) a
      UNION SELECT n.id FROM crm.contacts n WHERE n.folded_name = ANY (${names}::text[])
    ) found
    JOIN crm.contacts c ON c.tenant_id = ${context.tenant.id} AND c.id = found.id ORDER BY c.created_at DESC`)
  const known = new Map<string, KnownContact>()
  for (const contact of found) remember(known, contact)
  return known
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

/** Colleagues by email and by folded name, to find the owner that a file names. */
export async function colleagues(context: Context): Promise<Map<string, string>> {
  const members = await context.query<{ id: string; name: string; email: string }>(
    sql`SELECT id, name, email FROM platform.members`,
  )
  return new Map(
    members.flatMap(({ id, name, email }) => [[email, id] as const, [foldPlain(name), id] as const]),
  )
}
