import { z } from 'zod'
import { sql, type WriteContext } from '#core'
import { crmErrors } from '../errors.ts'
import { compareCompanies, probableDuplicate, type ComparableCompany } from '../exchange/duplicates.ts'
import { companyNameSimilarity, withoutForm } from '../values/companyName.ts'
import { foldPlain } from '../values/fold.ts'

/** A company that the new one may be. */
export const AlikeCompany = z.object({ id: z.uuid(), name: z.string(), city: z.string().nullable() })
export type AlikeCompany = z.infer<typeof AlikeCompany>

export interface CompanyRow extends AlikeCompany {
  readonly cvr: string | null
  readonly domain: string | null
  readonly phone: string | null
}

interface Wanted {
  readonly id: string
  readonly name: string
  readonly cvr?: string | null | undefined
  readonly domain?: string | null | undefined
  readonly phone?: string | null | undefined
}

/** Companies other than the wanted one that have its CVR number, its name or much the same, its domain or its phone. */
export async function alikeCompanies(context: WriteContext, wanted: Wanted): Promise<CompanyRow[]> {
  const { id, name, cvr = null, domain = null, phone = null } = wanted
  const rows = await context.query<CompanyRow>(sql`
    SELECT c.id, c.name, c.city, c.cvr, c.domain, c.phone FROM (
      SELECT id FROM crm.companies WHERE cvr = ${cvr} OR domain = ${domain} OR folded_name = ${foldPlain(name)}
      UNION SELECT named.id FROM crm.search_companies(${withoutForm(name)}, 10) named
    ) found
    JOIN crm.companies c ON c.tenant_id = ${context.tenant.id} AND c.id = found.id
    WHERE c.id <> ${id} ORDER BY c.created_at, c.id LIMIT 20`)
  const one = comparable({ name, cvr, domain, phone })
  return rows.filter((row) => isSame(row, wanted) || isAlike(one, comparable(row)))
}

/** One CVR number is one company, and two of one name are told apart by whoever knows better. */
export function refuseSameCompany(rows: readonly CompanyRow[], wanted: Wanted, insists?: true): void {
  const duplicates = shownAlikeCompanies(rows)
  const sameCvr = rows.find(({ cvr }) => cvr !== null && cvr === wanted.cvr)
  if (sameCvr) crmErrors.fail('duplicate', { name: sameCvr.name, why: `CVR ${sameCvr.cvr}`, duplicates })
  const namesake = insists ? undefined : rows.find(({ name }) => foldPlain(name) === foldPlain(wanted.name))
  if (namesake) crmErrors.fail('duplicate', { name: namesake.name, why: sameName, duplicates })
}

/** As on creation, where a company gets the CVR number of another. */
export async function refuseTakenCvr(
  context: WriteContext,
  id: string,
  cvr: string | null | undefined,
): Promise<void> {
  if (!cvr) return
  const [taken] = await context.query<AlikeCompany>(
    sql`SELECT id, name, city FROM crm.companies WHERE cvr = ${cvr} AND id <> ${id}`,
  )
  if (taken) crmErrors.fail('duplicate', { name: taken.name, why: `CVR ${cvr}`, duplicates: [taken] })
}

const sameName = { da: 'samme navn', en: 'the same name' }

/** Worth a look before it stands twice: probably the same, or much the same name where no CVR number says otherwise. */
function isAlike(one: ComparableCompany, other: ComparableCompany): boolean {
  const { score, reasons } = compareCompanies(one, other)
  const alike = companyNameSimilarity(one.name, other.name) >= muchTheSame && !reasons.includes('otherCvr')
  return score >= probableDuplicate || alike
}

/** By Jaro–Winkler: a slip in a name of ten letters is about 0.95. */
const muchTheSame = 0.93

export const shownAlikeCompanies = (rows: readonly CompanyRow[]): AlikeCompany[] =>
  rows.map(({ id, name, city }) => ({ id, name, city }))

const isSame = (row: CompanyRow, { name, cvr }: Wanted): boolean =>
  (row.cvr !== null && row.cvr === cvr) || foldPlain(row.name) === foldPlain(name)

export const comparable = ({
  name,
  cvr,
  domain,
  phone,
}: Omit<CompanyRow, 'id' | 'city'>): ComparableCompany => ({
  name,
  ...(cvr !== null && { cvr }),
  domains: domain === null ? [] : [domain],
  phones: phone === null ? [] : [phone],
})
