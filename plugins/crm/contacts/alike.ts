import { z } from 'zod'
import { sql, type WriteContext } from '#core'
import { crmErrors } from '../errors.ts'
import { nameSimilarity } from '../values/personName.ts'

/** Somebody that the new one may be. */
export const Alike = z.object({ id: z.uuid(), name: z.string(), companyName: z.string().nullable() })
export type Alike = z.infer<typeof Alike>

interface Wanted {
  readonly id: string
  readonly name: string
  readonly addresses: readonly string[]
}

interface AlikeRow extends Alike {
  readonly address: string | null
}

/** Contacts other than the wanted one that share an email address with it or have much the same name. */
export async function alikeContacts(
  context: WriteContext,
  { id, name, addresses }: Wanted,
): Promise<AlikeRow[]> {
  const rows = await context.query<AlikeRow>(sql`
    SELECT t.id, t.name, c.name AS "companyName", found.address FROM (
      SELECT reached.id, (SELECT a FROM unnest(reached.addresses) a WHERE a = ANY (${addresses}::text[]) LIMIT 1) AS address
      FROM crm.contacts_with_addresses(${addresses}::text[]) reached
      UNION ALL SELECT named.id, NULL FROM crm.search_contacts(${name}, 10) named
    ) found
    JOIN crm.contacts t ON t.tenant_id = ${context.tenant.id} AND t.id = found.id
    LEFT JOIN crm.companies c ON c.tenant_id = t.tenant_id AND c.id = t.company_id
    WHERE t.id <> ${id} ORDER BY found.address, t.name`)
  return rows.filter((row) => row.address !== null || nameSimilarity(row.name, name) >= sameName)
}

/** By Jaro–Winkler on folded words: "Søren Sørensen" and "Soren Sorensen" are 1, a slip is about 0.95. */
const sameName = 0.93

/** One email address is one person; whoever knows better says so. */
export function refuseSameAddress(rows: readonly AlikeRow[]): void {
  const same = rows.find((row) => row.address !== null)
  if (!same) return
  const duplicates = rows.map(({ id, name, companyName }) => ({ id, name, companyName }))
  crmErrors.fail('duplicate', { name: same.name, why: same.address, duplicates })
}

export const shownAlike = (rows: readonly AlikeRow[]): Alike[] => [
  ...new Map(rows.map(({ id, name, companyName }) => [id, { id, name, companyName }])).values(),
]
