import { z } from 'zod'
import { idOf, inOrder, operation, sent, show, subscription } from '#core'
import { leadLinked } from '../events.ts'
import { remember } from './history.ts'
import { LeadModel } from './lead.model.ts'
import { Lead, leads } from './lead.ts'

const Outcome = z.enum(['matched', 'created'])

export const linkLead = operation({
  name: 'leads.leads.link',
  summary: 'Tie a lead to the contact, and the company, that it is in the CRM',
  effect: 'write',
  untrusted: true,
  input: z.strictObject({
    id: idOf(leads),
    contactId: z.uuid().meta({ refers: 'crm.contacts' }),
    companyId: z.uuid().nullish().meta({ refers: 'crm.companies' }),
    /** Whether the CRM knew them, or has made the contact of the lead. */
    outcome: Outcome.nullish(),
  }),
  output: Lead,
  async run({ id, contactId, companyId = null, outcome }, context) {
    const lead = await show(context, leads, id)
    if (lead.contactId === contactId && (lead.companyId ?? null) === companyId) return lead
    const linked = LeadModel.update({ contactId, companyId }, { where: { id } })
    await sent(linked)
    const details = { contactId, companyId, ...(outcome && { outcome }) }
    const line = remember(context, { lead: id, kind: 'linked', details })
    const [, , shown] = await inOrder(linked, line.stored, show(context, leads, id))
    context.emit(leadLinked, { id, name: lead.name, contactId, companyId })
    return shown
  },
})

/** The CRM has found or made the person that a lead is. */
export const linkAdopted = subscription({
  name: 'leads.leads.linkAdopted',
  on: 'crm.contacts.adopted',
  version: 1,
  reads: z.object({ id: z.uuid(), leadId: z.uuid(), companyId: z.uuid().nullable(), outcome: Outcome }),
  operation: linkLead,
  input: ({ id, leadId, companyId, outcome }) => ({ id: leadId, contactId: id, companyId, outcome }),
})
