import { z } from 'zod'
import { eventType } from '#core'

const Named = z.object({ id: z.uuid(), name: z.string() })
const Merged = z.object({ id: z.uuid(), merged: z.array(z.uuid()) })

export const contactCreated = eventType({ name: 'crm.contacts.created', version: 1, payload: Named })
export const contactUpdated = eventType({ name: 'crm.contacts.updated', version: 1, payload: Named })
export const contactDeleted = eventType({ name: 'crm.contacts.deleted', version: 1, payload: Named })
export const contactMerged = eventType({ name: 'crm.contacts.merged', version: 1, payload: Merged })

/** A lead has become this contact, or turned out to be: the event names both. */
export const contactAdopted = eventType({
  name: 'crm.contacts.adopted',
  version: 1,
  payload: Named.extend({
    leadId: z.uuid(),
    companyId: z.uuid().nullable(),
    ownerId: z.uuid().nullable(),
    outcome: z.enum(['matched', 'created']),
    /** The same lead had been adopted before. */
    again: z.boolean(),
  }),
})

export const companyCreated = eventType({ name: 'crm.companies.created', version: 1, payload: Named })
export const companyUpdated = eventType({ name: 'crm.companies.updated', version: 1, payload: Named })
export const companyDeleted = eventType({ name: 'crm.companies.deleted', version: 1, payload: Named })
export const companyMerged = eventType({ name: 'crm.companies.merged', version: 1, payload: Merged })

const Titled = z.object({ id: z.uuid(), title: z.string() })
export const dealCreated = eventType({ name: 'crm.deals.created', version: 1, payload: Titled })
export const dealUpdated = eventType({ name: 'crm.deals.updated', version: 1, payload: Titled })
export const dealDeleted = eventType({ name: 'crm.deals.deleted', version: 1, payload: Titled })
export const dealMoved = eventType({
  name: 'crm.deals.moved',
  version: 1,
  payload: Titled.extend({
    from: z.uuid(),
    to: z.uuid(),
    status: z.enum(['open', 'won', 'lost']),
  }),
})

export const activityLogged = eventType({
  name: 'crm.activities.logged',
  version: 1,
  payload: z.object({
    id: z.uuid(),
    kind: z.string(),
    contactId: z.uuid().nullable(),
    companyId: z.uuid().nullable(),
  }),
})
export const taskCreated = eventType({ name: 'crm.tasks.created', version: 1, payload: Titled })
export const taskUpdated = eventType({ name: 'crm.tasks.updated', version: 1, payload: Titled })
export const taskCompleted = eventType({ name: 'crm.tasks.completed', version: 1, payload: Titled })
export const taskDeleted = eventType({ name: 'crm.tasks.deleted', version: 1, payload: Titled })

/** So many rows of its file are handled. */
export const importAdvanced = eventType({
  name: 'crm.imports.advanced',
  version: 1,
  payload: z.object({ id: z.uuid(), done: z.int(), total: z.int() }),
})
export const importFinished = eventType({
  name: 'crm.imports.finished',
  version: 1,
  payload: z.object({ id: z.uuid(), created: z.int(), updated: z.int(), failed: z.int() }),
})

export const crmEvents = [
  contactCreated,
  contactUpdated,
  contactDeleted,
  contactMerged,
  contactAdopted,
  companyCreated,
  companyUpdated,
  companyDeleted,
  companyMerged,
  dealCreated,
  dealUpdated,
  dealDeleted,
  dealMoved,
  activityLogged,
  taskCreated,
  taskUpdated,
  taskCompleted,
  taskDeleted,
  importAdvanced,
  importFinished,
]
