import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import {
  changed,
  Colleague,
  deleteOperation,
  expected,
  idOf,
  inOrder,
  Line,
  operation,
  personOf,
  present,
  requireColleague,
  sent,
  shortText,
  show,
  sql,
  Version,
  type WriteContext,
} from '#core'
import { companies } from '../companies/company.ts'
import { contactCreated, contactDeleted, contactUpdated } from '../events.ts'
import { postal } from '../fields.ts'
import { changedTags, changeTags, contactTagging, givenTags, setTags } from '../tags/tagging.ts'
import { Alike, alikeContacts, refuseSameAddress, shownAlike } from './alike.ts'
import { ContactModel } from './contact.model.ts'
import { Contact, contacts } from './contact.ts'
import { EmailInput, PhoneInput, storedEmails, storedPhones } from './reach.ts'

const PersonName = shortText(200).meta({ kind: 'personName' })

const optionalParts = {
  title: Line.nullish(),
  companyId: idOf(companies).nullish(),
  emails: z.array(EmailInput).max(20).optional(),
  phones: z.array(PhoneInput).max(20).optional(),
  ownerId: Colleague.nullish(),
  address: postal.address.optional(),
  postcode: postal.postcode.optional(),
  city: postal.city.optional(),
  country: postal.country.optional(),
}

const NewContact = z.strictObject({
  name: PersonName,
  ...optionalParts,
  ...givenTags,
  evenIfDuplicate: z.literal(true).optional().meta({ description: 'Create it although the email is known' }),
})

export const createContact = operation({
  name: 'crm.contacts.create',
  summary: 'Create a contact (a person), with the company they work for, emails and phones',
  effect: 'write',
  input: NewContact,
  output: Contact.extend({ possibleDuplicates: z.array(Alike) }),
  async run({ tags = [], evenIfDuplicate, ...given }, context) {
    const id = uuidv7()
    const columns = columnsOf(given)
    const ownerId = given.ownerId ?? personOf(context.actor) ?? null
    const addresses = (columns.emails ?? []).map(({ address }) => address)
    // Before the contact is there: a name with a slip finds others only while it finds nobody as it is.
    const looked = alikeContacts(context, { id, name: given.name, addresses })
    const created = ContactModel.create({ tenantId: context.tenant.id, id, ...columns, ownerId })
    await sent(created)
    const [alike, , , , contact] = await inOrder(
      looked,
      created,
      requireColleague(context, given.ownerId),
      Promise.all(setTags(context, contactTagging, id, tags)),
      show(context, contacts, id),
    )
    if (!evenIfDuplicate) refuseSameAddress(alike)
    context.emit(contactCreated, { id, name: contact.name })
    return { ...contact, possibleDuplicates: shownAlike(alike) }
  },
})

export const updateContact = operation({
  name: 'crm.contacts.update',
  summary: 'Change a contact: name, title, company, emails, phones, tags, owner or address',
  effect: 'write',
  input: z.strictObject({
    id: idOf(contacts),
    name: PersonName.optional(),
    ...optionalParts,
    ...changedTags,
    version: Version.optional(),
    evenIfDuplicate: z.literal(true).optional(),
  }),
  output: Contact,
  async run({ id, version, tags, addTags, removeTags, evenIfDuplicate, ...given }, context) {
    const columns = { ...present(columnsOf(given)), updatedAt: context.clock.now() }
    const contact = await changed(
      context,
      contacts,
      id,
      ContactModel.update(columns, { where: expected({ id, version }) }),
      () => [
        requireColleague(context, given.ownerId),
        evenIfDuplicate ? Promise.resolve() : refuseKnownAddresses(context, id, columns.emails),
        ...changeTags(context, contactTagging, id, { tags, addTags, removeTags }),
      ],
    )
    context.emit(contactUpdated, { id, name: contact.name })
    return contact
  },
})

export const deleteContact = deleteOperation(contacts, {
  name: 'crm.contacts.delete',
  summary: 'Delete a contact; what was logged about their company and deals stays',
  called: 'name',
  async remove(where, context) {
    const forgotten = forgetWhatIsAboutThemAlone(context, where.id)
    const [, deleted] = await inOrder(forgotten, ContactModel.destroy({ where }))
    return deleted
  },
  emits: contactDeleted,
})

/** What was said to a person as such goes with them; what belongs to their company or a deal stays there. */
async function forgetWhatIsAboutThemAlone(context: WriteContext, id: string): Promise<void> {
  const ofThemAlone = sql`contact_id = ${id} AND company_id IS NULL AND deal_id IS NULL`
  await inOrder(
    context.query(sql`DELETE FROM crm.activities WHERE ${ofThemAlone}`),
    context.query(sql`DELETE FROM crm.tasks WHERE ${ofThemAlone}`),
  )
}

interface Reach {
  readonly emails?: z.output<typeof EmailInput>[] | undefined
  readonly phones?: z.output<typeof PhoneInput>[] | undefined
}

/** The lists as they are stored. */
function columnsOf<Given extends Reach>({ emails, phones, ...plain }: Given) {
  return {
    ...plain,
    ...(emails && { emails: storedEmails(emails) }),
    ...(phones && { phones: storedPhones(phones) }),
  }
}

async function refuseKnownAddresses(
  context: WriteContext,
  id: string,
  emails: readonly { address: string }[] | undefined,
): Promise<void> {
  if (!emails?.length) return
  refuseSameAddress(
    await alikeContacts(context, { id, name: '', addresses: emails.map(({ address }) => address) }),
  )
}
