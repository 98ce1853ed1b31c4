import { z } from 'zod'
import {
  changed,
  expected,
  fail,
  idOf,
  inOrder,
  operation,
  shortText,
  show,
  Version,
  type WriteContext,
} from '#core'
import { leadErrors } from '../errors.ts'
import { leadMoved } from '../events.ts'
import { remember } from './history.ts'
import { LeadModel } from './lead.model.ts'
import { Lead, leads } from './lead.ts'
import { LeadStatus } from './status.ts'

const Reason = shortText(500).meta({ kind: 'text', free: true })

export const moveLead = operation({
  name: 'leads.leads.move',
  summary: 'Give a lead another status: new, contacted, qualified or disqualified',
  effect: 'write',
  untrusted: true,
  input: z.strictObject({
    id: idOf(leads),
    status: LeadStatus,
    reason: Reason.optional(),
    version: Version.optional(),
  }),
  output: Lead,
  run: (step, context) => move(context, step),
})

export const qualifyLead = operation({
  name: 'leads.leads.qualify',
  summary: 'Mark a lead as qualified: worth an offer',
  effect: 'write',
  untrusted: true,
  input: z.strictObject({ id: idOf(leads), reason: Reason.optional(), version: Version.optional() }),
  output: Lead,
  run: (step, context) => move(context, { ...step, status: 'qualified' }),
})

export const disqualifyLead = operation({
  name: 'leads.leads.disqualify',
  summary: 'Mark a lead as disqualified, with the reason',
  effect: 'write',
  untrusted: true,
  input: z.strictObject({ id: idOf(leads), reason: Reason, version: Version.optional() }),
  output: Lead,
  run: (step, context) => move(context, { ...step, status: 'disqualified' }),
})

interface Step {
  readonly id: string
  readonly status: LeadStatus
  readonly reason?: string | undefined
  readonly version?: number | undefined
}

/** A lead that stands there already stays as it is, unless there is another reason to tell. */
async function move(context: WriteContext, { id, status, reason, version }: Step): Promise<Lead> {
  const lead = await show(context, leads, id)
  if (version !== undefined && version !== lead.version) fail('version_conflict')
  requirePossible(lead, status, reason)
  if (lead.status === status && (reason === undefined || reason === lead.statusReason)) return lead
  const now = context.clock.now()
  const columns = { status, statusSince: now, statusReason: reason ?? null, updatedAt: now }
  const where = expected({ id, version: lead.version })
  const line = { lead: id, kind: 'moved', before: lead.status, after: status, reason } as const
  const moved = await changed(context, leads, id, LeadModel.update(columns, { where }))
  await inOrder(remember(context, line).stored)
  context.emit(leadMoved, { id, name: lead.name, from: lead.status, to: status })
  return moved
}

function requirePossible({ name, status: from }: Lead, to: LeadStatus, reason: string | undefined): void {
  if (from === 'converted') leadErrors.fail('already_converted', { name })
  if (to === 'converted') leadErrors.fail('convert_instead')
  if (to === 'disqualified' && reason === undefined) leadErrors.fail('reason_needed')
}
