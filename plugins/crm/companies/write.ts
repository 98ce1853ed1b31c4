import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, idOf, operation, personOf, saying, sql, type WriteContext } from '#core'
import { crmErrors } from '../errors.ts'
import { companyCreated, companyDeleted, companyUpdated } from '../events.ts'
import { Colleague, postal, Version } from '../fields.ts'
import { companyTagging, setTags } from '../tags/tagging.ts'
import { Cvr } from '../values/cvr.ts'
import { Email } from '../values/email.ts'
import { Phone } from '../values/phone.ts'
import { Tag } from '../values/tag.ts'
import { shortText } from '../values/text.ts'
import { changed, expected, inOrder, present, requireColleague, sent, show } from '../writing.ts'
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
  tags: z
    .array(Tag.meta({ kind: 'tag' }))
    .max(50)
    .optional(),
  ownerId: Colleague.nullish(),
}

export const createCompany = operation({
  name: 'crm.companies.create',
  summary: 'Create a company, with its CVR number, domain, phone and address',
  effect: 'write',
  input: z.strictObject({
    name: CompanyName,
    ...optionalParts,
    evenIfDuplicate: z.literal(true).optional().meta({ description: 'Create it although the name is known' }),
  }),
  output: Company,
  async run({ tags = [], evenIfDuplicate, ...given }, context) {
    const id = uuidv7()
    const ownerId = given.ownerId ?? personOf(context.actor) ?? null
    const created = CompanyModel.create({ tenantId: context.tenant.id, id, ...given, ownerId })
    await sent(created)
    const [, , , , company] = await inOrder(
      created,
      requireColleague(context, given.ownerId),
      evenIfDuplicate ? Promise.resolve() : refuseSameName(context, id, given.name),
      Promise.all(setTags(context, companyTagging, id, tags)),
      show(context, companies, id),
    )
    context.emit(companyCreated, { id, name: company.name })
    return company
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
    version: Version.optional(),
  }),
  output: Company,
  async run({ id, version, tags, ...given }, context) {
    const columns = { ...present(given), updatedAt: context.clock.now() }
    const update = CompanyModel.update(columns, { where: expected({ id, version }) })
    const company = await changed(context, companies, id, update, () => [
      requireColleague(context, given.ownerId),
      ...(tags ? setTags(context, companyTagging, id, tags) : []),
    ])
    context.emit(companyUpdated, { id, name: company.name })
    return company
  },
})

export const deleteCompany = operation({
  name: 'crm.companies.delete',
  summary: 'Delete a company; its contacts and deals stay without one',
  effect: 'destroy',
  input: z.strictObject({ id: idOf(companies), version: Version.optional() }),
  output: z.object({ id: z.uuid(), name: z.string() }),
  async run({ id, version }, context) {
    const { name } = await show(context, companies, id)
    const deleted = await CompanyModel.destroy({ where: expected({ id, version }) })
    if (deleted === 0) fail('version_conflict')
    context.emit(companyDeleted, { id, name })
    return { id, name }
  },
})

/** The same name however it is spelled: "Havneby ApS" is "HAVNEBY APS". */
async function refuseSameName(context: WriteContext, id: string, name: string): Promise<void> {
  const duplicates = await context.query<{ id: string; name: string; city: string | null }>(sql`
    SELECT c.id, c.name, c.city FROM crm.companies c
    WHERE c.folded_name = crm.fold_plain(${name}) AND c.id <> ${id} ORDER BY c.created_at LIMIT 5`)
  const [same] = duplicates
  if (same) crmErrors.fail('duplicate', { name: same.name, why: sameName, duplicates })
}

const sameName = { da: 'samme navn', en: 'the same name' }
