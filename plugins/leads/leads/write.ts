import { z } from 'zod'
import {
  changed,
  Colleague,
  deleteOperation,
  Email,
  expected,
  idOf,
  Line,
  longText,
  operation,
  Phone,
  present,
  requireColleague,
  shortText,
  show,
  Version,
} from '#core'
import { leadDeleted, leadUpdated } from '../events.ts'
import { scoreLead } from '../scoring/score.ts'
import { sources } from '../sources/source.ts'
import { captureLead } from './capture.ts'
import { remember } from './history.ts'
import { LeadModel } from './lead.model.ts'
import { Lead, leads } from './lead.ts'

const PersonName = shortText(200).meta({ kind: 'personName' })

const parts = {
  email: Email.meta({ kind: 'email' }).nullish(),
  phone: Phone.meta({ kind: 'phone' }).nullish(),
  companyName: shortText(200).meta({ kind: 'companyName' }).nullish(),
  title: Line.nullish(),
  city: shortText(100).meta({ kind: 'placeName' }).nullish(),
  message: longText(5_000).nullish().meta({ description: 'What they asked for' }),
  sourceId: idOf(sources).nullish(),
}

export const createLead = operation({
  name: 'leads.leads.create',
  summary:
    'Create a lead: somebody who may become a customer, with email, phone, company and what they asked for',
  effect: 'write',
  untrusted: true,
  input: z.strictObject({ name: PersonName, ...parts, ownerId: Colleague.nullish() }),
  output: Lead.extend({
    /** `joined` where the same email address was a lead already. */
    outcome: z.enum(['created', 'joined']),
  }),
  async run(given, context) {
    await requireColleague(context, given.ownerId)
    const { lead, outcome } = await captureLead(context, given)
    return { ...lead, outcome }
  },
})

export const updateLead = operation({
  name: 'leads.leads.update',
  summary: 'Change what is known of a lead: name, email, phone, company, title, city, source',
  effect: 'write',
  untrusted: true,
  input: z.strictObject({
    id: idOf(leads),
    name: PersonName.optional(),
    ...parts,
    version: Version.optional(),
  }),
  output: Lead,
  async run({ id, version, ...given }, context) {
    const columns = { ...present(given), updatedAt: context.clock.now() }
    const line = await changedWith(context, id, version, columns, Object.keys(present(given)))
    await scoreLead(context, id, { event: line })
    const lead = await show(context, leads, id)
    context.emit(leadUpdated, { id, name: lead.name })
    return lead
  },
})

async function changedWith(
  context: Parameters<typeof remember>[0],
  id: string,
  version: number | undefined,
  columns: object,
  fields: readonly string[],
): Promise<string> {
  await changed(context, leads, id, LeadModel.update(columns, { where: expected({ id, version }) }))
  const line = remember(context, { lead: id, kind: 'changed', details: { fields } })
  await line.stored
  return line.id
}

export const deleteLead = deleteOperation(leads, {
  name: 'leads.leads.delete',
  summary: 'Delete a lead with its history, points and consents; a contact that it has become stays',
  called: 'name',
  remove: (where) => LeadModel.destroy({ where }),
  emits: leadDeleted,
})
