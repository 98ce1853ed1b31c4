import { z } from 'zod'
import { operation, sql, type ReadContext } from '#core'
import { pairsSharing, surest, type Pair } from '../duplicatePairs.ts'
import { compareCompanies, probableDuplicate } from '../exchange/duplicates.ts'
import { formPattern } from '../values/companyName.ts'
import { AlikeCompany, comparable, shownAlikeCompanies, type CompanyRow } from './alike.ts'

const CompanyPair = z.object({
  name: z.string(),
  otherName: z.string(),
  /** 0 to 1. */
  score: z.number(),
  reasons: z.array(z.string()),
  companies: z.array(AlikeCompany),
})

export const findDuplicateCompanies = operation({
  name: 'crm.companies.duplicates',
  summary: 'Find companies that are probably the same, the surest first',
  effect: 'read',
  input: z.strictObject({ limit: z.int().min(1).max(200).default(50) }),
  output: z.object({ items: z.array(CompanyPair), nextCursor: z.null() }),
  async run({ limit }, context) {
    const judged = (await candidates(context)).map(judge)
    return { items: surest(judged, probableDuplicate, limit), nextCursor: null }
  },
})

const candidates = (context: ReadContext): Promise<Pair<CompanyRow>[]> =>
  pairsSharing(
    context,
    sql`crm.companies`,
    sql`SELECT id, 'domain ' || domain AS key FROM crm.companies WHERE domain IS NOT NULL
      UNION ALL SELECT id, 'phone ' || phone FROM crm.companies WHERE phone IS NOT NULL
      UNION ALL SELECT id, 'name ' || crm.squash(regexp_replace(folded_name, ${formPattern}, '')) FROM crm.companies`,
    sql`json_build_object('id', c.id, 'name', c.name, 'city', c.city, 'cvr', c.cvr, 'domain', c.domain, 'phone', c.phone)`,
  )

function judge({ one, other }: Pair<CompanyRow>): z.output<typeof CompanyPair> {
  const { score, reasons } = compareCompanies(comparable(one), comparable(other))
  const companies = shownAlikeCompanies([one, other])
  return { name: one.name, otherName: other.name, score, reasons: [...reasons], companies }
}
