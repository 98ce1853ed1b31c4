import { v7 as uuidv7 } from 'uuid'
import { insertRows, type Chance, type WriteContext } from '#core'
import type { DemoCustomer } from './customers.ts'
import type { Profile } from './profile.ts'

/** Puts the company's tags on some of its customers and their people. */
export function tagSome(
  context: WriteContext,
  chance: Chance,
  profile: Profile,
  customers: readonly DemoCustomer[],
): Promise<unknown>[] {
  const tags = profile.tags.map((name) => ({ id: uuidv7(), name }))
  const onCompanies = customers
    .filter(() => chance.percent(40))
    .map(({ id }) => ({ company_id: id, tag_id: chance.pick(tags).id }))
  const onContacts = customers
    .flatMap(({ contacts }) => contacts)
    .filter(() => chance.percent(25))
    .map(({ id }) => ({ contact_id: id, tag_id: chance.pick(tags).id }))
  return [
    insertRows(context, 'crm.tags', 'id uuid, name text', tags),
    insertRows(context, 'crm.company_tags', 'company_id uuid, tag_id uuid', onCompanies),
    insertRows(context, 'crm.contact_tags', 'contact_id uuid, tag_id uuid', onContacts),
  ]
}
