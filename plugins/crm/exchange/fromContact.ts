import type { ContactDraft, Target } from './contact.ts'

/** The columns of an export, in their order, and what the import recognises them by. */
const columns: readonly (readonly [target: Target, da: string, en: string])[] = [
  ['name', 'Navn', 'Name'],
  ['firstName', 'Fornavn', 'First name'],
  ['lastName', 'Efternavn', 'Last name'],
  ['title', 'Stilling', 'Job title'],
  ['email', 'E-mail', 'Email'],
  ['phone', 'Telefon', 'Phone'],
  ['company', 'Firma', 'Company'],
  ['companyCvr', 'CVR', 'CVR'],
  ['address', 'Adresse', 'Address'],
  ['postcode', 'Postnr.', 'Postcode'],
  ['city', 'By', 'City'],
  ['country', 'Land', 'Country'],
  ['tags', 'Mærkater', 'Tags'],
  ['owner', 'Ejer', 'Owner'],
  ['createdAt', 'Oprettet', 'Created'],
  ['note', 'Note', 'Note'],
  ['externalId', 'TekUp-id', 'TekUp id'],
]

/** The header row of an export of contacts. */
export const contactHeaders = (locale: 'da' | 'en'): string[] =>
  columns.map(([, danish, english]) => (locale === 'da' ? danish : english))

/** One contact as a row under `contactHeaders`. Several emails, phones or tags stand in one cell, divided by “; ”. */
export const contactRow = (contact: ContactDraft): string[] =>
  columns.map(([target]) => cellOf(contact, target))

function cellOf(contact: ContactDraft, target: Target): string {
  if (target === 'email') return contact.emails.join('; ')
  if (target === 'phone') return contact.phones.join('; ')
  if (target === 'tags') return contact.tags.join('; ')
  return target === 'middleName' ? '' : (contact[target] ?? '')
}
