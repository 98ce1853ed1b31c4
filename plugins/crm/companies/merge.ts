import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, idOf, operation, personOf, type WriteContext } from '#core'
import { ActivityModel } from '../activities/activity.model.ts'
import { companyMerged } from '../events.ts'
import { filled, gatherTags, outvoted, repoint, type Merge } from '../merging.ts'
import { companyTagging } from '../tags/tagging.ts'
import { inOrder, sent, show } from '../writing.ts'
import { CompanyModel } from './company.model.ts'
import { companies, Company } from './company.ts'

export const mergeCompanies = operation({
  name: 'crm.companies.merge',
  summary: 'Merge companies that are the same: everything of the others moves to the one that is kept',
  effect: 'destroy',
  input: z.strictObject({
    id: idOf(companies),
    others: z.array(idOf(companies)).min(1).max(20).meta({ description: 'They are gone afterwards' }),
  }),
  output: Company,
  async run({ id, others: given }, context) {
    const merge = { id, others: [...new Set(given)].filter((other) => other !== id) }
    const [kept, ...others] = await lockAll(merge)
    if (!kept) fail('not_found')
    const moves = [
      ...repoint(context, 'company_id', ['crm.contacts', 'crm.activities', 'crm.tasks', 'crm.deals'], merge),
      gatherTags(context, companyTagging, merge),
    ]
    // The others go first, so that the one that is kept can take over a CVR number.
    const removed = CompanyModel.destroy({ where: { id: merge.others } })
    await sent(removed)
    const writes = [
      CompanyModel.update(together(kept, others), { where: { id } }),
      ActivityModel.create(noteOf(context, kept, others)),
    ]
    await sent(...writes)
    const [, , , company] = await inOrder(
      Promise.all(moves),
      removed,
      inOrder(...writes),
      show(context, companies, id),
    )
    context.emit(companyMerged, { id, merged: merge.others })
    return company
  },
})

const reachFields = ['cvr', 'domain', 'email', 'phone', 'ownerId'] as const
const plainFields = [...reachFields, 'address', 'postcode', 'city', 'country'] as const

/** The kept one first; one that is missing is refused before anything moves. */
async function lockAll({ id, others }: Merge): Promise<CompanyModel[]> {
  const rows = await CompanyModel.findAll({ where: { id: [id, ...others] }, order: ['id'], lock: true })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return [id, ...others].map((wanted) => byId.get(wanted) ?? fail('not_found'))
}

function together(kept: CompanyModel, others: readonly CompanyModel[]) {
  const times = [kept, ...others].flatMap(({ lastContactAt }) =>
    lastContactAt ? [lastContactAt.getTime()] : [],
  )
  return {
    ...filled(kept, others, plainFields),
    lastContactAt: times.length > 0 ? new Date(Math.max(...times)) : null,
  }
}

const noteOf = (context: WriteContext, kept: CompanyModel, others: readonly CompanyModel[]) => ({
  tenantId: context.tenant.id,
  id: uuidv7(),
  kind: 'note' as const,
  subject: context.locale === 'da' ? 'Flettet med dubletter' : 'Merged with duplicates',
  body: outvoted(kept, others, plainFields).join('\n\n'),
  at: context.clock.now(),
  companyId: kept.id,
  personId: personOf(context.actor) ?? null,
})
