import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  Colleague,
  ComingDay,
  created,
  deleteOperation,
  expected,
  getOperation,
  idOf,
  inOrder,
  listOperation,
  operation,
  personOf,
  present,
  requireColleague,
  shortText,
  Version,
  type WriteContext,
} from '#core'
import { subjectsOf } from '../activities/subjects.ts'
import { companies } from '../companies/company.ts'
import { contacts } from '../contacts/contact.ts'
import { deals } from '../deals/deal.ts'
import { taskCompleted, taskCreated, taskDeleted, taskUpdated } from '../events.ts'
import { crmSettings } from '../settings.ts'
import { danishDay, dayAfter } from '../values/workingTime.ts'
import { scheduleCall } from './call.ts'
import { TaskModel } from './task.model.ts'
import { Task, tasks } from './task.ts'

const Title = shortText(300).meta({ kind: 'text', free: true })
const about = {
  contactId: idOf(contacts).nullish(),
  companyId: idOf(companies).nullish(),
  dealId: idOf(deals).nullish(),
}

export const listTasks = listOperation(tasks, {
  name: 'crm.tasks.list',
  summary: 'List tasks by owner, due date, contact, company or deal',
})

export const getTask = getOperation(tasks, { name: 'crm.tasks.get', summary: 'Show one task' })

export const createTask = operation({
  name: 'crm.tasks.create',
  summary: 'Create a task with a due date, for oneself or a colleague, about a contact, company or deal',
  effect: 'write',
  input: z.strictObject({
    title: Title,
    dueOn: ComingDay.nullish(),
    ownerId: Colleague.optional(),
    ...about,
  }),
  output: Task,
  async run({ title, dueOn, ownerId, ...given }, context) {
    const [subjects] = await inOrder(subjectsOf(context, given), requireColleague(context, ownerId))
    const id = uuidv7()
    const due = dueOn === undefined ? await usualDay(context) : dueOn
    const owner = ownerId ?? personOf(context.actor) ?? null
    const row = { tenantId: context.tenant.id, id, title, dueOn: due, ownerId: owner }
    const task = await created(context, tasks, id, TaskModel.create({ ...row, ...subjects }))
    context.emit(taskCreated, { id, title })
    return task
  },
})

async function usualDay({ settings, clock }: WriteContext): Promise<string | null> {
  const { tasksDueInDays } = await settings(crmSettings)
  if (tasksDueInDays === 0) return null
  return dayAfter(danishDay(clock.now()), tasksDueInDays)
}

const updateTask = operation({
  name: 'crm.tasks.update',
  summary: 'Change a task: its title, due date, owner, what it is about, or take its completion back',
  effect: 'write',
  input: z.strictObject({
    id: idOf(tasks),
    title: Title.optional(),
    dueOn: ComingDay.nullish(),
    done: z.boolean().optional(),
    ownerId: Colleague.nullish(),
    ...about,
    version: Version.optional(),
  }),
  output: Task,
  async run({ id, version, done, ...given }, context) {
    const now = context.clock.now()
    const completion = done === undefined ? {} : { doneAt: done ? now : null }
    // Another day is not the moment that was meant.
    const moment = given.dueOn === undefined ? {} : { dueAt: null }
    const columns = { ...present(given), ...moment, ...completion, updatedAt: now }
    const update = TaskModel.update(columns, { where: expected({ id, version }) })
    const task = await changed(context, tasks, id, update, () => [requireColleague(context, given.ownerId)])
    context.emit(done ? taskCompleted : taskUpdated, { id, title: task.title })
    return task
  },
})

export const completeTask = operation({
  name: 'crm.tasks.complete',
  summary: 'Mark a task as done',
  effect: 'write',
  input: z.strictObject({ id: idOf(tasks), version: Version.optional() }),
  output: Task,
  async run({ id, version }, context) {
    const now = context.clock.now()
    const update = TaskModel.update({ doneAt: now, updatedAt: now }, { where: expected({ id, version }) })
    const task = await changed(context, tasks, id, update)
    context.emit(taskCompleted, { id, title: task.title })
    return task
  },
})

const deleteTask = deleteOperation(tasks, {
  name: 'crm.tasks.delete',
  summary: 'Delete a task',
  called: 'title',
  remove: (where) => TaskModel.destroy({ where }),
  emits: taskDeleted,
})

export const taskOperations = [
  listTasks,
  getTask,
  createTask,
  scheduleCall,
  updateTask,
  completeTask,
  deleteTask,
]
