import { z } from 'zod'
import { eventType } from '#core'

const Named = z.object({ id: z.uuid(), name: z.string() })

/** A new lead, with what another domain needs to know a person again. */
export const leadCreated = eventType({
  name: 'leads.leads.created',
  version: 1,
  payload: Named.extend({
    email: z.string().nullable(),
    phone: z.string().nullable(),
    companyName: z.string().nullable(),
    title: z.string().nullable(),
    city: z.string().nullable(),
    ownerId: z.uuid().nullable(),
  }),
})
/** A lead that was there has written to us again. */
export const leadCaptured = eventType({ name: 'leads.leads.captured', version: 1, payload: Named })
export const leadUpdated = eventType({ name: 'leads.leads.updated', version: 1, payload: Named })
export const leadDeleted = eventType({ name: 'leads.leads.deleted', version: 1, payload: Named })
export const leadMoved = eventType({
  name: 'leads.leads.moved',
  version: 1,
  payload: Named.extend({ from: z.string(), to: z.string() }),
})
export const leadAssigned = eventType({
  name: 'leads.leads.assigned',
  version: 1,
  payload: Named.extend({ ownerId: z.uuid().nullable() }),
})
const OfCrm = z.object({ contactId: z.uuid(), companyId: z.uuid().nullable() })
export const leadLinked = eventType({
  name: 'leads.leads.linked',
  version: 1,
  payload: Named.extend(OfCrm.shape),
})
export const leadConverted = eventType({
  name: 'leads.leads.converted',
  version: 1,
  payload: Named.extend({ ...OfCrm.shape, dealId: z.uuid().nullable() }),
})
export const submissionQuarantined = eventType({
  name: 'leads.submissions.quarantined',
  version: 1,
  payload: z.object({ id: z.uuid(), formId: z.uuid(), suspicions: z.array(z.string()) }),
})

export const leadEvents = [
  leadCreated,
  leadCaptured,
  leadUpdated,
  leadDeleted,
  leadMoved,
  leadAssigned,
  leadLinked,
  leadConverted,
  submissionQuarantined,
]
