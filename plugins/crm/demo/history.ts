import { v7 as uuidv7 } from 'uuid'
import { dateAfter, workingMoment, type Chance } from '#core'
import type { DemoCustomer } from './customers.ts'
import type { Profile } from './profile.ts'

type Row = Readonly<Record<string, unknown>>

/** What was said and done with each customer: the latest contact is as long ago as the customer says. */
export function makeActivities(
  chance: Chance,
  now: Date,
  profile: Profile,
  customers: readonly DemoCustomer[],
): Row[] {
  const kinds = [
    ['call', profile.calls],
    ['meeting', profile.meetings],
    ['email', profile.emails],
    ['note', profile.notes],
  ] as const
  return customers.flatMap((customer) =>
    Array.from({ length: chance.between(3, 7) }, (_, index) => {
      const [kind, subjects] = index === 0 ? chance.pick(kinds.slice(0, 3)) : chance.pick(kinds)
      const daysAgo = customer.lastContactDaysAgo + (index === 0 ? 0 : chance.between(1, 300))
      const contact = index === 0 ? customer.contacts[0]! : chance.pick(customer.contacts)
      return {
        id: uuidv7(),
        kind,
        subject: chance.pick(subjects),
        at: workingMoment(chance, now, daysAgo),
        contact_id: contact.id,
        company_id: customer.id,
        person_id: customer.ownerId,
      }
    }),
  )
}

const taskCount = 60

/** Some done, some overdue, most of the coming weeks. */
export function makeTasks(
  chance: Chance,
  now: Date,
  profile: Profile,
  customers: readonly DemoCustomer[],
): Row[] {
  return Array.from({ length: taskCount }, (_, index) => {
    const customer = customers[(index * 7) % customers.length]!
    const dueIn = chance.between(-12, 30)
    const done = dueIn < 0 && chance.percent(80)
    return {
      id: uuidv7(),
      title: `${chance.pick(profile.tasks)} (${customer.name})`,
      due_on: dateAfter(now, dueIn),
      done_at: done ? workingMoment(chance, now, -dueIn) : null,
      owner_id: customer.ownerId,
      contact_id: customer.contacts[0]!.id,
      company_id: customer.id,
    }
  })
}
