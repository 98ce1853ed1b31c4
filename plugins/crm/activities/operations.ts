import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  created,
  expected,
  getOperation,
  idOf,
  inOrder,
  listOperation,
  longText,
  operation,
  PastMoment,
  personOf,
  present,
  removed,
  sent,
  shortText,
  Version,
} from '#core'
import { companies } from '../companies/company.ts'
import { contacts } from '../contacts/contact.ts'
import { deals } from '../deals/deal.ts'
import { activityLogged } from '../events.ts'
import { ActivityModel } from './activity.model.ts'
import { activities, Activity, LoggedKind } from './activity.ts'
import { isContact, movedLastContact, recountLastContact, subjectsOf } from './subjects.ts'

const Subject = shortText(300).meta({ kind: 'text', free: true })
const Body = longText().nullish()

export const listActivities = listOperation(activities, {
  name: 'crm.activities.list',
  summary: 'List the timeline of a contact, company or deal: calls, meetings, emails and notes',
})

const getActivity = getOperation(activities, {
  name: 'crm.activities.get',
  summary: 'Show one activity',
})

export const createActivity = operation({
  name: 'crm.activities.create',
  summary: 'Log a call, a meeting, an email or a note about a contact, company or deal',
  effect: 'write',
  input: z.strictObject({
    kind: LoggedKind.default('note'),
    subject: Subject,
    body: Body,
    at: PastMoment.optional(),
    contactId: idOf(contacts).nullish(),
    companyId: idOf(companies).nullish(),
    dealId: idOf(deals).nullish(),
  }),
  output: Activity,
  async run({ kind, subject, body, at, ...given }, context) {
    const subjects = await subjectsOf(context, given)
    const id = uuidv7()
    const moment = at ? new Date(at) : context.clock.now()
    const personId = personOf(context.actor) ?? null
    const row = { tenantId: context.tenant.id, id, kind, subject, body: body ?? null, at: moment, personId }
    const inTouch = isContact(kind) && moment <= context.clock.now()
    const creation = ActivityModel.create({ ...row, ...subjects })
    const activity = await created(context, activities, id, creation, () =>
      inTouch ? movedLastContact(context, subjects, moment) : [],
    )
    context.emit(activityLogged, { id, kind, contactId: subjects.contactId, companyId: subjects.companyId })
    return activity
  },
})

export const updateActivity = operation({
  name: 'crm.activities.update',
  summary: 'Change what an activity says or when it was',
  effect: 'write',
  input: z.strictObject({
    id: idOf(activities),
    kind: LoggedKind.optional(),
    subject: Subject.optional(),
    body: Body,
    at: PastMoment.optional(),
    version: Version.optional(),
  }),
  output: Activity,
  async run({ id, version, at, ...given }, context) {
    const columns = {
      ...present(given),
      ...(at && { at: new Date(at) }),
      updatedAt: context.clock.now(),
    }
    const update = ActivityModel.update(columns, { where: expected({ id, version }) })
    const activity = await changed(context, activities, id, update)
    if (at || given.kind) await inOrder(...recountLastContact(context, activity))
    return activity
  },
})

export const deleteActivity = operation({
  name: 'crm.activities.delete',
  summary: 'Delete an activity from the timeline',
  effect: 'destroy',
  input: z.strictObject({ id: idOf(activities), version: Version.optional() }),
  output: z.object({ id: z.uuid(), subject: z.string() }),
  async run({ id, version }, context) {
    const { subject } = await removed(context, activities, id, async (activity) => {
      const destroyed = ActivityModel.destroy({ where: expected({ id, version }) })
      await sent(destroyed)
      const recounted = isContact(activity.kind) ? recountLastContact(context, activity) : []
      const [deleted] = await inOrder(destroyed, ...recounted)
      return deleted
    })
    return { id, subject }
  },
})

export const activityOperations = [
  listActivities,
  getActivity,
  createActivity,
  updateActivity,
  deleteActivity,
]
