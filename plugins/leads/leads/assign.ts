import { z } from 'zod'
import { changed, Colleague, expected, idOf, operation, requireColleague, show, Version } from '#core'
import { chooseOwner } from '../assignment/choose.ts'
import { leadAssigned } from '../events.ts'
import { remember } from './history.ts'
import { LeadModel } from './lead.model.ts'
import { Lead, leads } from './lead.ts'

export const assignLead = operation({
  name: 'leads.leads.assign',
  summary: 'Give a lead to a colleague, or to whoever the assignment rules say',
  effect: 'write',
  untrusted: true,
  input: z.strictObject({
    id: idOf(leads),
    ownerId: Colleague.nullish().meta({
      description: 'Who takes it; left out, the rules decide; null, nobody has it',
    }),
    version: Version.optional(),
  }),
  output: Lead,
  async run({ id, ownerId: wanted, version }, context) {
    await requireColleague(context, wanted)
    const lead = await show(context, leads, id)
    const chosen = wanted === undefined ? await chooseOwner(context, lead) : undefined
    const ownerId = wanted === undefined ? (chosen?.ownerId ?? lead.ownerId) : wanted
    if (ownerId === lead.ownerId) return lead
    const update = LeadModel.update(
      { ownerId, updatedAt: context.clock.now() },
      { where: expected({ id, version }) },
    )
    const assigned = await changed(context, leads, id, update)
    const { ownerName: after } = assigned
    await remember(context, {
      lead: id,
      kind: 'assigned',
      before: lead.ownerName,
      after,
      reason: chosen?.rule,
    }).stored
    context.emit(leadAssigned, { id, name: lead.name, ownerId })
    return assigned
  },
})
