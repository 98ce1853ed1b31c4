import { v7 as uuidv7 } from 'uuid'
import { sql, type WriteContext } from '#core'
import type { StoredEmail, StoredPhone } from '../contacts/reach.ts'
import { foldPlain } from '../values/fold.ts'
import type { ReadRow } from './rows.ts'

export interface KnownContact {
  readonly id: string
  readonly addresses: readonly string[]
  readonly emails: readonly StoredEmail[]
  readonly phones: readonly StoredPhone[]
}

/** Contacts by each of their email addresses, of those that the rows name. */
export async function knownContacts(
  context: WriteContext,
  rows: readonly ReadRow[],
): Promise<Map<string, KnownContact>> {
  const addresses = rows.flatMap(({ contact }) => contact.emails)
  const known = await context.query<KnownContact>(sql`
    SELECT c.id, c.addresses, c.emails, c.phones FROM crm.contacts_with_addresses(${addresses}::text[]) found
    JOIN crm.contacts c ON c.tenant_id = ${context.tenant.id} AND c.id = found.id ORDER BY c.created_at DESC`)
  return new Map(known.flatMap((contact) => contact.addresses.map((address) => [address, contact])))
}

/** Ids of companies by folded name; those that are not there yet are made. */
export async function companiesNamed(
  context: WriteContext,
  rows: readonly ReadRow[],
): Promise<Map<string, string>> {
  const wanted = [
    ...new Map(
      rows.flatMap(({ contact: { company, companyCvr } }) => {
        if (company === undefined) return []
        return [
          [
            foldPlain(company),
            { id: uuidv7(), name: company, folded: foldPlain(company), cvr: companyCvr ?? null },
          ],
        ]
      }),
    ).values(),
  ]
  if (wanted.length === 0) return new Map()
  const given = JSON.stringify(wanted)
  const found = await context.query<{ folded: string; id: string }>(sql`
    WITH given AS (
      SELECT g.*, coalesce(
        (SELECT c.id FROM crm.companies c WHERE c.cvr = g.cvr),
        (SELECT c.id FROM crm.companies c WHERE c.folded_name = g.folded ORDER BY c.created_at LIMIT 1)) AS known
      FROM jsonb_to_recordset(${given}::jsonb) AS g(id uuid, name text, folded text, cvr text)
    ), made AS (
      INSERT INTO crm.companies (tenant_id, id, name, cvr)
      SELECT ${context.tenant.id}, id, name, CASE WHEN count(*) OVER (PARTITION BY cvr) = 1 THEN cvr END
      FROM given WHERE known IS NULL
    )
    SELECT folded, coalesce(known, id) AS id FROM given`)
  return new Map(found.map(({ folded, id }) => [folded, id]))
}

/** Colleagues by email and by folded name, to find the owner that a file names. */
export async function colleagues(context: WriteContext): Promise<Map<string, string>> {
  const members = await context.query<{ id: string; name: string; email: string }>(
    sql`SELECT id, name, email FROM platform.members`,
  )
  return new Map(
    members.flatMap(({ id, name, email }) => [[email, id] as const, [foldPlain(name), id] as const]),
  )
}
