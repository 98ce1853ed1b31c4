import type { ContactDraft } from '../contact.ts'
import { escapeText, foldLine } from './contentLine.ts'

/** Writes contacts as a file of vCards 4.0 (RFC 6350, UTF-8), one by one. */
export async function* writeCards(
  contacts: AsyncIterable<ContactDraft> | Iterable<ContactDraft>,
): AsyncIterable<Uint8Array> {
  for await (const contact of contacts) yield Buffer.from(toCard(contact))
}

/** One contact as a vCard 4.0. CVR number and owner, for which there is no property, are written as X- properties. */
export function toCard(contact: ContactDraft): string {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `FN:${escapeText(contact.name)}`,
    ...naming(contact),
    ...contact.emails.map((email, index) => `EMAIL${preference(index)}:${escapeText(email)}`),
    ...contact.phones.map((phone, index) => `TEL;VALUE=uri${preference(index)}:tel:${phone}`),
    ...property('ORG', contact.company),
    ...property('TITLE', contact.title),
    ...address(contact),
    ...(contact.tags.length > 0 ? [`CATEGORIES:${contact.tags.map(escapeText).join(',')}`] : []),
    ...property('NOTE', contact.note),
    ...property('X-CVR', contact.companyCvr),
    ...property('X-OWNER', contact.owner),
    ...(contact.createdAt ? [`CREATED:${contact.createdAt.replaceAll('-', '')}T000000Z`] : []),
    ...uid(contact),
    'END:VCARD',
  ]
  return lines.map(foldLine).join('')
}

const property = (name: string, value: string | undefined): string[] =>
  value ? [`${name}:${escapeText(value)}`] : []

/** By which other programs, and an import, know the contact again (RFC 6350, section 6.7.6). */
const uid = ({ externalId }: ContactDraft): string[] =>
  property('UID', externalId && uuid.test(externalId) ? `urn:uuid:${externalId}` : externalId)

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const preference = (index: number): string => (index === 0 ? ';PREF=1' : '')

const compound = (...parts: readonly (string | undefined)[]): string =>
  parts.map((part) => escapeText(part ?? '')).join(';')

function naming({ firstName, lastName }: ContactDraft): string[] {
  return firstName || lastName ? [`N:${compound(lastName, firstName, '', '', '')}`] : []
}

/** Post box and extended address stay empty, as RFC 6350 asks; region is not kept. */
function address({ address: street, city, postcode, country }: ContactDraft): string[] {
  const known = street || city || postcode || country
  return known ? [`ADR:${compound('', '', street, city, '', postcode, country)}`] : []
}
