import { z } from 'zod'
import {
  idOf,
  inOrder,
  Line,
  operation,
  sent,
  show,
  sql,
  type AnyOperation,
  type ReadContext,
  type WriteContext,
} from '#core'
import { leadErrors } from '../errors.ts'
import { leadConverted } from '../events.ts'
import { remember } from './history.ts'
import { LeadModel } from './lead.model.ts'
import { Lead, leads } from './lead.ts'

const Part = z.object({
  id: z.uuid().nullable(),
  name: z.string(),
  /** `linked`: tied to the lead before; `matched`: was in the CRM; `created`: made by the conversion. */
  outcome: z.enum(['linked', 'matched', 'created']),
})
type Part = z.output<typeof Part>

const Made = z.object({
  name: z.string(),
  contact: Part,
  company: Part.nullable(),
  deal: Part.nullable(),
})

const wishes = {
  id: idOf(leads),
  withDeal: z.boolean().default(true).meta({ description: 'Whether a deal is opened too' }),
  dealTitle: Line.optional(),
}

/** The most that a deal of the CRM takes, in minor units. */
const Amount = z
  .int()
  .min(0)
  .max(10 ** 13)
  .meta({ kind: 'money', description: 'What the deal is worth, in minor units' })

export const previewConversion = operation({
  name: 'leads.leads.preview',
  summary: 'Show which contact, company and deal the conversion of a lead would find or make',
  effect: 'read',
  untrusted: true,
  input: z.strictObject(wishes),
  output: Made,
  async run({ id, withDeal, dealTitle }, context) {
    const lead = await show(context, leads, id)
    const { contact, company } = lead.contactId
      ? {
          contact: linked(lead.contactId, lead.name),
          company: lead.companyId ? linked(lead.companyId, lead.companyName ?? '') : null,
        }
      : await recognised(context, lead)
    const deal = withDeal || lead.dealId ? dealOf(lead, dealTitle) : null
    return { name: lead.name, contact, company, deal }
  },
})

export const convertLead = operation({
  name: 'leads.leads.convert',
  summary: 'Convert a lead to a contact, a company and a deal in the CRM; a repeat makes nothing twice',
  effect: 'write',
  untrusted: true,
  input: z.strictObject({ ...wishes, amount: Amount.optional() }),
  output: Made.extend({ lead: Lead }),
  async run({ id, withDeal, dealTitle, amount }, context) {
    await context.query(sql`SELECT 1 FROM leads.leads WHERE id = ${id} FOR UPDATE`)
    const lead = await show(context, leads, id)
    if (lead.status === 'converted') return { ...madeBefore(lead), lead }
    const { contact, company } = lead.contactId ? linkedParts(lead) : await adopted(context, lead)
    const deal = withDeal ? await opened(context, { lead, contact, company, title: dealTitle, amount }) : null
    const converted = await settle(context, lead, { contact, company, deal })
    return { name: lead.name, contact, company, deal, lead: converted }
  },
})

type Parts = Omit<z.output<typeof Made>, 'name'>

const linked = (id: string, name: string): Part => ({ id, name, outcome: 'linked' })

const linkedParts = ({ contactId, companyId, companyName, name }: Lead): Omit<Parts, 'deal'> => ({
  contact: linked(contactId!, name),
  company: companyId ? linked(companyId, companyName ?? name) : null,
})

const madeBefore = (lead: Lead): z.output<typeof Made> => ({
  name: lead.name,
  ...linkedParts(lead),
  deal: lead.dealId ? linked(lead.dealId, titleFor(lead)) : null,
})

const titleFor = ({ companyName, name }: Lead): string => companyName ?? name

const dealOf = (lead: Lead, title: string | undefined): Part =>
  lead.dealId
    ? linked(lead.dealId, titleFor(lead))
    : { id: null, name: title ?? titleFor(lead), outcome: 'created' }

/** The CRM is another plugin: what it can do is asked for by name, and is not there where a company has it off. */
function ofCrm({ operations }: Pick<ReadContext, 'operations'>, name: string): AnyOperation {
  return operations.find(`crm.${name}`) ?? leadErrors.fail('no_crm')
}

const Recognised = z.object({ contact: Part.nullable(), company: Part.nullable() })

async function recognised(context: ReadContext, lead: Lead): Promise<Omit<Parts, 'deal'>> {
  const recognise = ofCrm(context, 'contacts.recognise') as AnyOperation & { readonly effect: 'read' }
  const { contact, company } = Recognised.parse(await context.call(recognise, personOfLead(lead)))
  const employer: Part | null = lead.companyName
    ? { id: null, name: lead.companyName, outcome: 'created' }
    : null
  return {
    contact: contact ?? { id: null, name: lead.name, outcome: 'created' },
    company: company ?? employer,
  }
}

const Adopted = z.object({ contact: Part, company: Part.nullable() })

const adopted = async (context: WriteContext, lead: Lead): Promise<Omit<Parts, 'deal'>> => {
  const answer: unknown = await context.call(ofCrm(context, 'contacts.adopt'), {
    ...personOfLead(lead),
    leadId: lead.id,
    ownerId: lead.ownerId,
  })
  return Adopted.parse(answer)
}

const personOfLead = ({ name, email, phone, companyName, title, city }: Lead) => ({
  name,
  email,
  phone,
  companyName,
  title,
  city,
})

interface Opening {
  readonly lead: Lead
  readonly contact: Part
  readonly company: Part | null
  readonly title: string | undefined
  readonly amount: number | undefined
}

async function opened(
  context: WriteContext,
  { lead, contact, company, title, amount }: Opening,
): Promise<Part> {
  const given = {
    title: title ?? titleFor(lead),
    contactId: contact.id,
    companyId: company?.id ?? null,
    ownerId: lead.ownerId,
    ...(amount !== undefined && { amount }),
  }
  const deal = z
    .object({ id: z.uuid(), title: z.string() })
    .parse(await context.call(ofCrm(context, 'deals.create'), given))
  return { id: deal.id, name: deal.title, outcome: 'created' }
}

async function settle(context: WriteContext, lead: Lead, { contact, company, deal }: Parts): Promise<Lead> {
  const now = context.clock.now()
  const { id, name } = lead
  const ids = { contactId: contact.id!, companyId: company?.id ?? null, dealId: deal?.id ?? null }
  const columns = {
    ...ids,
    status: 'converted' as const,
    statusSince: now,
    statusReason: null,
    convertedAt: now,
    updatedAt: now,
  }
  const update = LeadModel.update(columns, { where: { id } })
  await sent(update)
  const line = remember(context, {
    lead: id,
    kind: 'converted',
    before: lead.status,
    after: 'converted',
    details: ids,
  })
  const [, , converted] = await inOrder(update, line.stored, show(context, leads, id))
  context.emit(leadConverted, { id, name, ...ids })
  return converted
}
