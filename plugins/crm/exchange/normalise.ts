import {
  notAnEmail,
  oneLine,
  parseEmail,
  parsePhone,
  severalLines,
  textFault,
  unknownPhone,
  type Sentence,
} from '#core'
import { parseCvr } from '../values/cvr.ts'
import { parseDate } from '../values/danishDate.ts'
import { joinName, splitName } from '../values/personName.ts'
import type { ContactDraft, ContactResult, Field, Target } from './contact.ts'

/** Turns the cells of one row, or the properties of one card, into a contact, or says which of them is at fault. */
export function normaliseContact(fields: readonly Field[], line: number): ContactResult {
  try {
    const contact = assemble(byTarget(fields))
    return contact ? { contact } : { fault: { line, column: null, message: nobody } }
  } catch (error) {
    if (error instanceof FieldFault) return { fault: { line, column: error.column, message: error.sentence } }
    throw error
  }
}

type Fields = ReadonlyMap<Target, readonly Field[]>

/** The fields with any content, in the order of the file. */
function byTarget(fields: readonly Field[]): Fields {
  const found = new Map<Target, Field[]>()
  for (const field of fields) {
    if (!/\S/.test(field.text)) continue
    const others = found.get(field.target)
    if (others) others.push(field)
    else found.set(field.target, [field])
  }
  return found
}

function assemble(fields: Fields): ContactDraft | undefined {
  const emails = unique(valuesOf(fields, 'email', separators.email, emailOf))
  const phones = valuesOf(fields, 'phone', separators.phone, phoneOf)
  const naming = nameOf(fields)
  const name = naming.name ?? emails[0] ?? phones[0]?.number
  if (!name) return undefined
  return {
    name,
    ...withoutAbsent({
      externalId: firstOf(fields, 'externalId', textOf(200)),
      firstName: naming.firstName,
      lastName: naming.lastName,
      title: first(fields, 'title'),
    }),
    emails,
    phones: unique(phones.map((phone) => phone.number)),
    ...withoutAbsent({
      company: first(fields, 'company'),
      companyCvr: firstOf(fields, 'companyCvr', cvrOf),
      address: joined(fields, 'address', ', ', 500),
      postcode: firstOf(fields, 'postcode', textOf(20)),
      city: first(fields, 'city'),
      country: first(fields, 'country'),
    }),
    tags: unique(valuesOf(fields, 'tags', separators.tags, textOf(60))).filter(
      (tag) => !tag.startsWith('* '),
    ),
    ...withoutAbsent({
      owner: first(fields, 'owner'),
      createdAt: firstOf(fields, 'createdAt', dateOf),
      note: noteOf(fields, phones),
    }),
  }
}

/** Google's own groups begin with “* ” and are filtered out of the tags above. */
const separators = {
  email: /:::|[;,\n\r]/,
  phone: /:::|[;,\n\r]| \/ | eller | or /,
  tags: /:::|[;,\n\r]/,
} as const

interface Naming {
  readonly name?: string | undefined
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
}

function nameOf(fields: Fields): Naming {
  const full = first(fields, 'name')
  const lastName = first(fields, 'lastName')
  const given = joinName(first(fields, 'firstName'), first(fields, 'middleName')) || undefined
  if (given || lastName) return { name: full ?? joinName(given, lastName), firstName: given, lastName }
  if (!full || isContactPoint(full)) return { name: full }
  const split = splitName(full)
  return { name: full, firstName: split.firstName || undefined, lastName: split.lastName || undefined }
}

/** A contact without a name is called by its email or phone, which is no name to be split. */
const isContactPoint = (name: string): boolean =>
  parseEmail(name) !== undefined || parsePhone(name) !== undefined

function noteOf(fields: Fields, phones: readonly Phone[]): string | undefined {
  const extensions = phones.flatMap((phone) =>
    phone.extension ? [`${phone.number} lok. ${phone.extension}`] : [],
  )
  const note = joined(fields, 'note', '\n', 20_000)
  return [note, ...extensions].filter((line) => line).join('\n') || undefined
}

type Read<Value> = (text: string, field: Field) => Value

function valuesOf<Value>(fields: Fields, target: Target, separator: RegExp, read: Read<Value>): Value[] {
  const values: Value[] = []
  for (const field of fields.get(target) ?? []) {
    for (const part of field.text.split(separator)) if (/\S/.test(part)) values.push(read(part, field))
  }
  return values
}

function firstOf<Value>(fields: Fields, target: Target, read: Read<Value>): Value | undefined {
  const field = fields.get(target)?.[0]
  return field && read(field.text, field)
}

const first = (fields: Fields, target: Target): string | undefined => firstOf(fields, target, textOfName)

/** Every part of an address in one line, or every note below the other. */
function joined(fields: Fields, target: Target, glue: ', ' | '\n', max: number): string | undefined {
  const parts = fields.get(target) ?? []
  const [field] = parts
  if (!field) return undefined
  const lines = parts.flatMap(({ text }) =>
    glue === '\n' ? [severalLines(text)] : text.split(/[\r\n]+/).map(oneLine),
  )
  return checked(lines.filter((line) => line !== '').join(glue), max, field)
}

const textOf =
  (max: number): Read<string> =>
  (text, field) =>
    checked(oneLine(text), max, field)

const textOfName = textOf(200)

function checked(text: string, max: number, field: Field): string {
  const fault = textFault(text, max)
  if (fault) throw new FieldFault(field.column, fault)
  return text
}

interface Phone {
  readonly number: string
  readonly extension?: string
}

const emailOf: Read<string> = (text, field) => parseEmail(text) ?? refuseField(field, text, notAnEmail)
const phoneOf: Read<Phone> = (text, field) => parsePhone(text) ?? refuseField(field, text, unknownPhone)
const cvrOf: Read<string> = (text, field) => parseCvr(text) ?? refuseField(field, text, unknownCvr)
const dateOf: Read<string> = (text, field) => parseDate(text) ?? refuseField(field, text, unknownDate)

function refuseField(field: Field, text: string, sentence: Sentence): never {
  const shown = oneLine(text).slice(0, 60).toWellFormed()
  throw new FieldFault(field.column, { da: `“${shown}”: ${sentence.da}`, en: `“${shown}”: ${sentence.en}` })
}

class FieldFault extends Error {
  readonly column: string
  readonly sentence: Sentence

  constructor(column: string, { da, en }: Sentence) {
    super(en)
    this.column = column
    this.sentence = { da: `${da}.`, en: `${en}.` }
  }
}

const nobody: Sentence = {
  da: 'Rækken har hverken navn, e-mail eller telefon. Skriv mindst ét af dem.',
  en: 'The row has neither a name, an email nor a phone. Write at least one of them.',
}

const unknownCvr: Sentence = {
  da: 'CVR-nummeret er ikke gyldigt. Det er 8 cifre, og kontrolcifret skal passe',
  en: 'The CVR number is not valid. It is 8 digits, and its check digit has to fit',
}

const unknownDate: Sentence = {
  da: 'Datoen kan ikke læses. Skriv den som 21-11-2026',
  en: 'The date cannot be read. Write it as 21-11-2026 (day first) or 2026-11-21',
}

function unique(values: readonly string[]): string[] {
  if (values.length < 2) return [...values]
  const seen = new Map(values.toReversed().map((value) => [value.toLowerCase(), value]))
  return [...seen.values()].reverse()
}

function withoutAbsent<Key extends string>(
  fields: Readonly<Record<Key, string | undefined>>,
): Partial<Record<Key, string>> {
  const present: Partial<Record<Key, string>> = {}
  for (const key in fields) if (fields[key]) present[key] = fields[key]
  return present
}
