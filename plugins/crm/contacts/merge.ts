import { z } from 'zod'
import { idOf, operation } from '#core'
import { contactMerged } from '../events.ts'
import { mergeInto } from '../merging.ts'
import { contactTagging } from '../tags/tagging.ts'
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
  run: (merge, context) =>
    mergeInto(context, merge, {
      model: ContactModel,
      of: contacts,
      column: 'contact_id',
      pointing: ['crm.activities', 'crm.tasks', 'crm.deals', 'crm.contact_external_ids'],
      tagging: contactTagging,
      fields: ['title', 'companyId', 'ownerId', 'address', 'postcode', 'city', 'country'],
      gathered: (all) => ({
        emails: storedEmails(all.flatMap(({ emails }, index) => demoted(emails, index))),
        phones: storedPhones(all.flatMap(({ phones }, index) => demoted(phones, index))),
      }),
      merged: contactMerged,
    }),
})

/** The kept one's primary address stays the primary one. */
const demoted = <Entry extends { primary: boolean }>(entries: readonly Entry[], index: number): Entry[] =>
  entries.map((entry) => ({ ...entry, primary: entry.primary && index === 0 }))
