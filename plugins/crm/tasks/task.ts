import { z } from 'zod'
import {
  byCreation,
  Colleague,
  colleagueName,
  ComingDay,
  filter,
  idOf,
  Moment,
  raw,
  resource,
  sql,
  tracked,
} from '#core'
import { companies } from '../companies/company.ts'
import { contacts } from '../contacts/contact.ts'
import { deals } from '../deals/deal.ts'
import { companyName, contactName } from '../expressions.ts'

/** Something that somebody is to do. */
export const Task = z.object({
  id: z.uuid(),
  title: z.string(),
  dueOn: z.iso.date().nullable(),
  /** The moment, where it has one; `dueOn` is its day. */
  dueAt: Moment.nullable(),
  done: z.boolean(),
  doneAt: Moment.nullable(),
  ownerId: z.uuid().nullable(),
  ownerName: z.string().nullable(),
  contactId: z.uuid().nullable(),
  contactName: z.string().nullable(),
  companyId: z.uuid().nullable(),
  companyName: z.string().nullable(),
  dealId: z.uuid().nullable(),
  ...tracked,
})

/** Who asks for tasks means those that are still to do. */
const FinishedToo = z
  .boolean()
  .meta({ assumed: false, description: 'Finished ones; open ones are meant where nothing is said' })

export const tasks = resource({
  table: 'crm.tasks',
  item: Task,
  fields: {
    done: raw('(t.done_at IS NOT NULL)'),
    ownerName: colleagueName('owner_id'),
    contactName,
    companyName,
  },
  filters: {
    ownerId: filter(Colleague, (id) => sql`t.owner_id = ${id}`),
    done: filter(FinishedToo, (done) => sql`(t.done_at IS NOT NULL) = ${done}`),
    dueBefore: filter(ComingDay, (day) => sql`t.due_on < ${day}`),
    dueAfter: filter(ComingDay, (day) => sql`t.due_on >= ${day}`),
    dueOn: filter(ComingDay, (day) => sql`t.due_on = ${day}`),
    contactId: filter(idOf(contacts), (id) => sql`t.contact_id = ${id}`),
    companyId: filter(idOf(companies), (id) => sql`t.company_id = ${id}`),
    dealId: filter(idOf(deals), (id) => sql`t.deal_id = ${id}`),
  },
  sorts: {
    dueOn: { expression: raw(`coalesce(t.due_on, date 'infinity')`), type: 'date' },
    createdAt: byCreation,
  },
  defaultSort: 'dueOn',
  search: 'crm.search_tasks',
})
