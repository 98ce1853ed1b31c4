import { v7 as uuidv7 } from 'uuid'
import { sql, type ReadContext, type WriteContext } from '#core'
import type { ContactDraft } from '../exchange/contact.ts'
import { writingsOf } from '../values/companyName.ts'
import { foldPlain } from '../values/fold.ts'
import type { ReadRow } from './rows.ts'

/** Ids of the companies that rows name, however they write them. */
export type Employers = ReadonlyMap<string, string>

export const employerOf = (employers: Employers, draft: ContactDraft): string | null =>
  employers.get(keyOf(draft) ?? '') ?? null

/** The companies that are there already: by CVR number, else by name, with or without its form. */
export async function knownEmployers(
  context: ReadContext | WriteContext,
  rows: readonly ReadRow[],
): Promise<Map<string, string>> {
  const named = namedIn(rows)
  if (named.length === 0) return new Map()
  const found = await context.query<{ key: string; id: string }>(sql`
    SELECT g.key, coalesce(
      (SELECT c.id FROM crm.companies c WHERE c.cvr = g.cvr),
      (SELECT c.id FROM crm.companies c WHERE c.folded_name = ANY (g.writings) AND (g.cvr IS NULL OR c.cvr IS NULL)
        ORDER BY c.folded_name = g.writings[1] DESC, c.created_at LIMIT 1)) AS id
    FROM jsonb_to_recordset(${JSON.stringify(named)}::jsonb) AS g(key text, writings text[], cvr text)`)
  return new Map(found.filter(({ id }) => id !== null).map(({ key, id }) => [key, id]))
}

/** The same, and those that were not there are made. */
export async function employers(context: WriteContext, rows: readonly ReadRow[]): Promise<Employers> {
  const known = await knownEmployers(context, rows)
  const made = new Map<string, NewCompany>()
  for (const { key, name, cvr, writings } of namedIn(rows)) {
    if (known.has(key)) continue
    const names = cvr === null ? writings : [`cvr ${cvr}`, ...writings]
    const same = names.map((one) => made.get(one)).find((one) => one && !contradicts(one.cvr, cvr))
    const company = same ?? { id: uuidv7(), name, cvr }
    company.cvr ??= cvr
    for (const one of names) if (!made.has(one)) made.set(one, company)
    known.set(key, company.id)
  }
  await insert(context, [...new Set(made.values())])
  return known
}

interface NewCompany {
  readonly id: string
  readonly name: string
  cvr: string | null
}

interface Named {
  readonly key: string
  readonly name: string
  readonly cvr: string | null
  /** As it is first. */
  readonly writings: readonly string[]
}

const keyOf = ({ company, companyCvr }: ContactDraft): string | undefined =>
  company === undefined ? undefined : `${foldPlain(company)}\n${companyCvr ?? ''}`

/** Each company once. */
function namedIn(rows: readonly ReadRow[]): Named[] {
  const named = new Map<string, Named>()
  for (const { contact } of rows) {
    const key = keyOf(contact)
    if (key === undefined || named.has(key)) continue
    const name = contact.company as string
    named.set(key, { key, name, cvr: contact.companyCvr ?? null, writings: writingsOf(name) })
  }
  return [...named.values()]
}

const contradicts = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && one !== other

async function insert(context: WriteContext, companies: readonly NewCompany[]): Promise<void> {
  if (companies.length === 0) return
  await context.query(sql`
    INSERT INTO crm.companies (tenant_id, id, name, cvr)
    SELECT ${context.tenant.id}, id, name, cvr
    FROM jsonb_to_recordset(${JSON.stringify(companies)}::jsonb) AS g(id uuid, name text, cvr text)`)
}
