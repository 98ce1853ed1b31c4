import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { fail, idOf, operation, personOf, type WriteContext } from '#core'
import { ActivityModel } from '../activities/activity.model.ts'
import { contactMerged } from '../events.ts'
import { filled, gatherTags, outvoted, repoint, type Merge } from '../merging.ts'
import { contactTagging } from '../tags/tagging.ts'
import { inOrder, sent, show } from '../writing.ts'
import { ContactModel } from './contact.model.ts'
import { Contact, contacts } from './contact.ts'
import { storedEmails, storedPhones } from './reach.ts'

export const mergeContacts = operation({
  name: 'crm.contacts.merge',
  summary: 'Merge contacts that are the same person: everything of the others moves to the one that is kept',
  effect: 'destroy',
  input: z.strictObject({
    id: idOf(contacts),
    others: z.array(idOf(contacts)).min(1).max(20).meta({ description: 'They are gone afterwards' }),
  }),
  output: Contact,
  async run({ id, others: given }, context) {
    const merge = { id, others: [...new Set(given)].filter((other) => other !== id) }
    const [kept, ...others] = await lockAll(merge)
    if (!kept) fail('not_found')
    const moves = [
      ...repoint(context, 'contact_id', ['crm.activities', 'crm.tasks', 'crm.deals'], merge),
      gatherTags(context, contactTagging, merge),
    ]
    const removed = ContactModel.destroy({ where: { id: merge.others } })
    await sent(removed)
    const writes = [
      ContactModel.update(together(kept, others), { where: { id } }),
      ActivityModel.create(noteOf(context, kept, others)),
    ]
    await sent(...writes)
    const [, , , contact] = await inOrder(
      Promise.all(moves),
      removed,
      inOrder(...writes),
      show(context, contacts, id),
    )
    context.emit(contactMerged, { id, merged: merge.others })
    return contact
  },
})

const plainFields = ['title', 'companyId', 'ownerId', 'address', 'postcode', 'city', 'country'] as const

/** The kept one first; one that is missing is refused before anything moves. */
async function lockAll({ id, others }: Merge): Promise<ContactModel[]> {
  const rows = await ContactModel.findAll({ where: { id: [id, ...others] }, order: ['id'], lock: true })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return [id, ...others].map((wanted) => byId.get(wanted) ?? fail('not_found'))
}

function together(kept: ContactModel, others: readonly ContactModel[]) {
  const all = [kept, ...others]
  const times = all.flatMap(({ lastContactAt }) => (lastContactAt ? [lastContactAt.getTime()] : []))
  return {
    ...filled(kept, others, plainFields),
    emails: storedEmails(all.flatMap(({ emails }, index) => demoted(emails, index))),
    phones: storedPhones(all.flatMap(({ phones }, index) => demoted(phones, index))),
    lastContactAt: times.length > 0 ? new Date(Math.max(...times)) : null,
  }
}

/** The kept one's primary address stays the primary one. */
const demoted = <Entry extends { primary: boolean }>(entries: readonly Entry[], index: number): Entry[] =>
  entries.map((entry) => ({ ...entry, primary: entry.primary && index === 0 }))

const noteOf = (context: WriteContext, kept: ContactModel, others: readonly ContactModel[]) => ({
  tenantId: context.tenant.id,
  id: uuidv7(),
  kind: 'note' as const,
  subject: context.locale === 'da' ? 'Flettet med dubletter' : 'Merged with duplicates',
  body: outvoted(kept, others, plainFields).join('\n\n'),
  at: context.clock.now(),
  contactId: kept.id,
  companyId: kept.companyId ?? null,
  personId: personOf(context.actor) ?? null,
})
