import fc from 'fast-check'
import { oneLine, severalLines } from '#core'
import type { ContactDraft } from '../contact.ts'
import { splitName } from '../../values/personName.ts'

/** Contacts in stored form, with awkward text in every field: formulas, quotes, delimiters, other scripts. */
export function anyContact(): fc.Arbitrary<ContactDraft> {
  return fc
    .record({
      name: naming,
      emails: fc.uniqueArray(
        fc.constantFrom('sofie@havneby.example', 'å@ærø.example', "o'neil+x@a.example"),
        { maxLength: 3 },
      ),
      phones: fc.uniqueArray(fc.constantFrom('+4520123456', '+4533123456', '+442079460018'), {
        maxLength: 3,
      }),
      tags: fc.uniqueArray(fc.constantFrom('vip', 'Ø-kunde', '=1+1', '-ny', '@mail', 'to ord'), {
        maxLength: 3,
      }),
      optional: fc.record(optionalFields, { requiredKeys: [] }),
    })
    .map(({ name, optional, ...lists }) => ({ ...name, ...lists, ...optional }))
}

const awkward = fc.oneof(
  fc.constantFrom(
    '=1+1',
    '+45',
    "'=x",
    '-',
    '@',
    'a;b',
    'a, b',
    '"citat"',
    '\\n',
    'Søren & Søn',
    'BEGIN:VCARD',
    '日本',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }),
)

/** Control characters cannot stand in a vCard (RFC 6350, VALUE-CHAR), and a byte order mark at the edge is blank. */
const printable = (value: string): boolean => !/[\p{Cc}\ufeff]/u.test(value)

const line = awkward.map(oneLine).filter((value) => value !== '' && printable(value))

const text = fc
  .array(awkward, { minLength: 1, maxLength: 3 })
  .map((lines) => severalLines(lines.join('\n')))
  .filter((value) => value !== '' && printable(value.replaceAll('\n', '')))

const naming = fc.oneof(
  fc
    .record({ firstName: line, lastName: line })
    .map((parts) => ({ name: `${parts.firstName} ${parts.lastName}`, ...parts })),
  fc.constantFrom('Sofie', 'Jens von der Recke', 'Åse Kjær').map((name) => {
    const { firstName, lastName } = splitName(name)
    return lastName ? { name, firstName, lastName } : { name, firstName }
  }),
  fc.constantFrom({ name: 'sofie@havneby.example' }, { name: '+4520123456' }),
)

const optionalFields = {
  externalId: fc.constantFrom('0190b1c2-7f00-7000-8000-000000000001', '151', 'a;b:c'),
  title: line,
  company: line,
  companyCvr: fc.constantFrom('13748136', '24256790'),
  address: line,
  postcode: fc.constantFrom('6792', 'E1 6AN', '-1'),
  city: line,
  country: line,
  owner: line,
  createdAt: fc.constantFrom('2026-11-21', '1999-01-31'),
  note: text,
}
