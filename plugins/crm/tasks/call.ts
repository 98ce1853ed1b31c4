import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  Colleague,
  created,
  fail,
  idOf,
  inOrder,
  operation,
  personOf,
  requireColleague,
  sql,
  subscription,
} from '#core'
import { subjectsOf } from '../activities/subjects.ts'
import { contacts } from '../contacts/contact.ts'
import { taskCreated } from '../events.ts'
import { danishDay, nextCallTime } from '../values/workingTime.ts'
import { TaskModel } from './task.model.ts'
import { Task, tasks } from './task.ts'

export const scheduleCall = operation({
  name: 'crm.tasks.scheduleCall',
  summary: 'Schedule a call to a contact at the next sensible time of a Danish working day',
  effect: 'write',
  input: z.strictObject({ contactId: idOf(contacts), ownerId: Colleague.nullish() }),
  output: Task,
  async run({ contactId, ownerId }, context) {
    const [subjects, [contact]] = await inOrder(
      subjectsOf(context, { contactId }),
      context.query<{ name: string }>(sql`SELECT name FROM crm.contacts WHERE id = ${contactId}`),
      requireColleague(context, ownerId),
    )
    const id = uuidv7()
    const dueAt = nextCallTime(context.clock.now())
    const title = `${callTo[context.locale]} ${contact?.name ?? fail('not_found')}`.slice(0, 300)
    const owner = ownerId ?? personOf(context.actor) ?? null
    const when = { dueOn: danishDay(dueAt), dueAt }
    const creation = TaskModel.create({
      tenantId: context.tenant.id,
      id,
      title,
      ...when,
      ownerId: owner,
      ...subjects,
    })
    const task = await created(context, tasks, id, creation)
    context.emit(taskCreated, { id, title })
    return task
  },
})

const callTo = { da: 'Ring til', en: 'Call' }

/** Somebody who has written to us is called once, by whoever has the lead. */
export const callAdopted = subscription({
  name: 'crm.tasks.callAdopted',
  on: 'crm.contacts.adopted',
  version: 1,
  reads: z.object({ id: z.uuid(), ownerId: z.uuid().nullable(), again: z.boolean().default(false) }),
  when: ({ again }) => !again,
  operation: scheduleCall,
  input: ({ id, ownerId }) => ({ contactId: id, ownerId }),
})
