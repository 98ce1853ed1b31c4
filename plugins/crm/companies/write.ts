import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  Colleague,
  deleteOperation,
  Email,
  expected,
  idOf,
  inOrder,
  operation,
  personOf,
  Phone,
  present,
  requireColleague,
  saying,
  sent,
  shortText,
  show,
  Version,
} from '#core'
import { companyCreated, companyDeleted, companyUpdated } from '../events.ts'
import { postal } from '../fields.ts'
import { changedTags, changeTags, companyTagging, givenTags, setTags } from '../tags/tagging.ts'
import { Cvr } from '../values/cvr.ts'
import {
  AlikeCompany,
  alikeCompanies,
  refuseSameCompany,
  refuseTakenCvr,
  shownAlikeCompanies,
} from './alike.ts'
import { CompanyModel } from './company.model.ts'
import { companies, Company } from './company.ts'

const CompanyName = shortText(200).meta({ kind: 'companyName' })
/** A host name, in lower case and without `www.`. */
const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .refine(
    (name) => /^(?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]{2,}$/u.test(name),
    saying({ da: 'et domæne skrives som firma.example', en: 'a domain reads like company.example' }),
  )
  .overwrite((value) => value.replace(/^www\./, ''))
  .meta({ examples: ['havneby.example'] })

const optionalParts = {
  cvr: Cvr.meta({ kind: 'cvr' }).nullish(),
  domain: Domain.nullish(),
  email: Email.meta({ kind: 'email' }).nullish(),
  phone: Phone.meta({ kind: 'phone' }).nullish(),
  address: postal.address.optional(),
  postcode: postal.postcode.optional(),
  city: postal.city.optional(),
  country: postal.country.optional(),
  ownerId: Colleague.nullish(),
}

export const createCompany = operation({
  name: 'crm.companies.create',
  summary: 'Create a company, with its CVR number, domain, phone and address',
  effect: 'write',
  input: z.strictObject({
    name: CompanyName,
    ...optionalParts,
    ...givenTags,
    evenIfDuplicate: z.literal(true).optional().meta({ description: 'Create it although the name is known' }),
  }),
  output: Company.extend({ possibleDuplicates: z.array(AlikeCompany) }),
  async run({ tags = [], evenIfDuplicate, ...given }, context) {
    const id = uuidv7()
    // Before the company is there, so that a CVR number that is taken is told with the name of whose it is.
    const looked = alikeCompanies(context, { id, ...given })
    const ownerId = given.ownerId ?? personOf(context.actor) ?? null
    const created = CompanyModel.create({ tenantId: context.tenant.id, id, ...given, ownerId })
    await sent(created)
    const settled = looked.then((alike) => refuseSameCompany(alike, { id, ...given }, evenIfDuplicate))
    const [, alike, , , , company] = await inOrder(
      settled,
      looked,
      created,
      requireColleague(context, given.ownerId),
      Promise.all(setTags(context, companyTagging, id, tags)),
      show(context, companies, id),
    )
    context.emit(companyCreated, { id, name: company.name })
    return { ...company, possibleDuplicates: shownAlikeCompanies(alike) }
  },
})

export const updateCompany = operation({
  name: 'crm.companies.update',
  summary: 'Change a company: name, CVR number, domain, phone, address, tags or owner',
  effect: 'write',
  input: z.strictObject({
    id: idOf(companies),
    name: CompanyName.optional(),
    ...optionalParts,
    ...changedTags,
    version: Version.optional(),
  }),
  output: Company,
  async run({ id, version, tags, addTags, removeTags, ...given }, context) {
    const columns = { ...present(given), updatedAt: context.clock.now() }
    await refuseTakenCvr(context, id, given.cvr)
    const update = CompanyModel.update(columns, { where: expected({ id, version }) })
    const company = await changed(context, companies, id, update, () => [
      requireColleague(context, given.ownerId),
      ...changeTags(context, companyTagging, id, { tags, addTags, removeTags }),
    ])
    context.emit(companyUpdated, { id, name: company.name })
    return company
  },
})

export const deleteCompany = deleteOperation(companies, {
  name: 'crm.companies.delete',
  summary: 'Delete a company; its contacts and deals stay without one',
  called: 'name',
  remove: (where) => CompanyModel.destroy({ where }),
  emits: companyDeleted,
})
