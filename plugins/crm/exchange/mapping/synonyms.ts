import { foldPlain } from '../../values/fold.ts'
import type { Target } from '../contact.ts'

/** A header without case, marks and punctuation: `E-mail 1 - Value` → `e mail 1 value`. */
export const headerKey = (header: string): string =>
  foldPlain(header)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** What a header means by itself, in Danish or English; null where nothing in the table fits. */
export function targetOfHeader(header: string): Target | null {
  const key = headerKey(header)
  return targetOf.get(key) ?? targetOf.get(withoutQualifiers(key)) ?? null
}

/** `telefon 2 arbejde` and `work phone` say which of several, not what. */
const withoutQualifiers = (key: string): string =>
  key
    .split(' ')
    .filter((word) => !qualifiers.has(word) && !/^\d+$/.test(word))
    .join(' ')

const qualifiers = new Set(
  'arbejde arbejds privat hjem firma kontakt kunde contact customer direkte primaer primary work business home office company direct main other anden'.split(
    ' ',
  ),
)

const words: Readonly<Record<Target, string>> = {
  // Not a bare "id": the numbers of one list are other people's in the next.
  externalId: 'tekup id, ekstern id, eksternt id, external id, record id, post id',
  name:
    'navn, fulde navn, fuldt navn, kontakt, kontaktperson, kontaktnavn, kundenavn, person, vist navn, att, attention, ' +
    'name, full name, contact, contact name, contact person, customer name, display name',
  firstName: 'fornavn, fornavne, first name, firstname, given name, forename',
  middleName: 'mellemnavn, mellemnavne, middle name, middlename, additional name',
  lastName: 'efternavn, efternavne, last name, lastname, family name, surname',
  title:
    'stilling, stillingsbetegnelse, titel, jobtitel, rolle, funktion, job title, jobtitle, title, role, position',
  email:
    'e mail, email, mail, e mailadresse, e mail adresse, emailadresse, email adresse, mailadresse, e post, ' +
    'e mail address, email address, mail address',
  phone:
    'telefon, telefonnr, telefonnummer, tlf, tlf nr, tlfnr, mobil, mobilnr, mobilnummer, mobiltelefon, mobiltlf, mobiltelefonnummer, ' +
    'fastnet, phone, phone number, telephone, telephone number, mobile, mobile phone, mobile phone number, mobile number, ' +
    'cell, cell phone, tel',
  company:
    'firma, firmanavn, virksomhed, virksomhedsnavn, selskab, organisation, arbejdsgiver, kunde, tilknyttet virksomhed, ' +
    'company, company name, organization, organization name, organisation name, employer, account, account name, ' +
    'associated company',
  companyCvr:
    'cvr, cvr nr, cvrnr, cvr nummer, cvrnummer, se nr, se nummer, momsnr, momsnummer, vat, vat no, vat number, vat id, ' +
    'company registration number, registration number',
  address:
    'adresse, gade, gadeadresse, vej, vejnavn, postadresse, adresselinje, address, street, street address, postal address, ' +
    'address line',
  postcode: 'postnr, postnummer, post nr, postcode, postal code, zip, zip code, zipcode',
  city: 'by, bynavn, postdistrikt, city, town',
  country: 'land, land omrade, land region, country, country region',
  tags:
    'maerkat, maerkater, maerke, maerker, etiket, etiketter, gruppe, grupper, kategori, kategorier, tag, tags, ' +
    'label, labels, group, groups, category, categories, group membership',
  owner:
    'ejer, kontaktejer, ejer af kontakt, ejer af kontaktperson, ansvarlig, saelger, kundeansvarlig, owner, contact owner, ' +
    'account owner, responsible, sales rep, salesperson',
  createdAt:
    'oprettet, oprettelsesdato, oprettet den, dato oprettet, kunde siden, created, created at, create date, creation date, ' +
    'created date, date created, customer since',
  note: 'note, noter, notat, notater, bemaerkning, bemaerkninger, kommentar, kommentarer, beskrivelse, notes, comment, comments, remarks, description',
}

const targetOf = new Map(
  Object.entries(words).flatMap(([target, list]) =>
    list.split(/,\s*/).map((word) => [word, target as Target] as const),
  ),
)
