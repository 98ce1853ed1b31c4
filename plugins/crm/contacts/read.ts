import { getOperation, listOperation } from '#core'
import { contacts } from './contact.ts'

export const listContacts = listOperation(contacts, {
  name: 'crm.contacts.list',
  summary: 'List or search contacts (people) by name, email, phone, company, owner, tag or last contact',
})

export const getContact = getOperation(contacts, {
  name: 'crm.contacts.get',
  summary: 'Show one contact with emails, phones, company, tags and owner',
})
