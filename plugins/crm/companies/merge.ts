import { z } from 'zod'
import { idOf, operation } from '#core'
import { companyMerged } from '../events.ts'
import { mergeInto } from '../merging.ts'
import { companyTagging } from '../tags/tagging.ts'
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
  run: (merge, context) =>
    mergeInto(context, merge, {
      model: CompanyModel,
      of: companies,
      column: 'company_id',
      pointing: ['crm.contacts', 'crm.activities', 'crm.tasks', 'crm.deals'],
      tagging: companyTagging,
      fields: ['cvr', 'domain', 'email', 'phone', 'ownerId', 'address', 'postcode', 'city', 'country'],
      merged: companyMerged,
    }),
})
