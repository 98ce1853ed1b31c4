import type { Field, Target } from '../contact.ts'
import { splitValue, unescapeText, type Property } from './contentLine.ts'

/** What the properties of a card say of a contact, in the terms of a row of a file. */
export function fieldsOf(properties: readonly Property[]): Field[] {
  const seen = new Set<string>()
  return preferredFirst(properties).flatMap((property) => {
    const { name } = property
    if (onlyOne.has(name) && seen.has(name)) return []
    seen.add(name)
    const value = decodeQuotedPrintable(property)
    return (readers[name]?.(value) ?? [])
      .filter(([, text]) => text !== '')
      .map(([target, text]) => ({ target, column: name, text }))
  })
}

/** Two addresses would run into each other. */
const onlyOne = new Set(['FN', 'N', 'ORG', 'TITLE', 'ADR', 'UID'])

type Reader = (value: string) => readonly (readonly [Target, string])[]

const single =
  (target: Target): Reader =>
  (value) => [[target, unescapeText(value)]]

const readers: Readonly<Record<string, Reader>> = {
  FN: single('name'),
  N: nameParts,
  EMAIL: single('email'),
  TEL: (value) => [['phone', phoneText(value)]],
  ORG: (value) => [['company', splitValue(value, ';')[0] ?? '']],
  TITLE: single('title'),
  ADR: addressParts,
  CATEGORIES: (value) => splitValue(value, ',').map((tag) => ['tags', tag] as const),
  NOTE: single('note'),
  CREATED: (value) => [['createdAt', value.replace(/^(\d{4})-?(\d{2})-?(\d{2}).*$/, '$1-$2-$3')]],
  'X-CVR': single('companyCvr'),
  'X-OWNER': single('owner'),
  UID: (value) => [['externalId', unescapeText(value).replace(/^urn:uuid:/i, '')]],
}

function nameParts(value: string): readonly (readonly [Target, string])[] {
  const [last = '', first = '', middle = ''] = splitValue(value, ';')
  return [
    ['lastName', last],
    ['firstName', first],
    ['middleName', middle],
  ]
}

function addressParts(value: string): readonly (readonly [Target, string])[] {
  const [, extended = '', street = '', city = '', , postcode = '', country = ''] = splitValue(value, ';')
  return [
    ['address', street],
    ['address', extended],
    ['city', city],
    ['postcode', postcode],
    ['country', country],
  ]
}

/** `tel:+45-33-12-34-56;ext=12` (RFC 3966) or plain text. */
const phoneText = (value: string): string =>
  unescapeText(value).replace(/^tel:/i, '').replace(/;ext=/i, ' ext. ').replace(/;.*$/s, '')

/** PREF=1 of 4.0, TYPE=pref of 3.0 and a bare PREF of 2.1 come before the rest; otherwise the card's own order. */
function preferredFirst(properties: readonly Property[]): Property[] {
  const rank = ({ parameters }: Property): number => {
    const preference = parameters.get('PREF')
    if (preference !== undefined) return Number(preference) || 1
    return /\bpref\b/i.test(parameters.get('TYPE') ?? '') ? 1 : 101
  }
  return properties.toSorted((left, right) => rank(left) - rank(right))
}

function decodeQuotedPrintable({ parameters, value }: Property): string {
  const encoded =
    parameters.has('QUOTED-PRINTABLE') || /^quoted-printable$/i.test(parameters.get('ENCODING') ?? '')
  if (!encoded) return value
  const bytes = value.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return decodeCharset(Buffer.from(bytes, 'latin1'), parameters.get('CHARSET') ?? 'utf-8')
}

function decodeCharset(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
