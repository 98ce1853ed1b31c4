import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js'
import { z } from 'zod'
import type { Sentence } from '../language.ts'
import { refuse } from './refuse.ts'

/** A phone number in E.164 (`+4520123456`). A number without a country code is read as Danish. */
export const Phone = z
  .string()
  .overwrite((value) => withoutExtension(parsePhone(value)) ?? value)
  .check((context) => {
    const parsed = parsePhone(context.value)
    if (!parsed) refuse(context, unknownPhone)
    else if (parsed.extension) refuse(context, holdsExtension)
  })
  .meta({
    description: 'Phone number in E.164; Danish when no country code is given',
    examples: ['+4520123456'],
  })

interface ParsedPhone {
  /** E.164. */
  readonly number: string
  /** The local number behind a switchboard, digits only. */
  readonly extension?: string
}

/** Reads a phone number as people write it: `20 12 34 56`, `0045 20123456`, `(+45) 33-12-34-56 lok. 12`. */
export function parsePhone(text: string, country: CountryCode = 'DK'): ParsedPhone | undefined {
  if (text.length > longest) return undefined
  const parsed = parsePhoneNumberFromString(readable(text), country)
  if (!parsed?.isValid()) return undefined
  return parsed.ext ? { number: parsed.number, extension: parsed.ext } : { number: parsed.number }
}

export const unknownPhone: Sentence = {
  da: 'Telefonnummeret kan ikke læses. Skriv 8 danske cifre, eller begynd med landekoden, f.eks. +46',
  en: 'The phone number cannot be read. Write 8 Danish digits, or begin with the country code, such as +46',
}

/** E.164 has no room for one, and dropping it would lose what was written. */
const holdsExtension: Sentence = {
  da: 'Et lokalnummer kan ikke stå i telefonnummeret. Skriv det i noten',
  en: 'An extension cannot stand in the phone number. Write it in the note',
}

const withoutExtension = (parsed: ParsedPhone | undefined): string | undefined =>
  parsed?.extension ? undefined : parsed?.number

const longest = 80

/**
 * A spreadsheet drops the plus of +4520123456; ten digits that begin with 45 are no other number in Denmark.
 * The library knows “ext.” and “x”, but not the Danish words, nor the words in front of a number.
 */
const readable = (text: string): string =>
  text
    .normalize('NFKC')
    .trim()
    .replace(/^(?:tel|tlf|mobil)\.?:?\s*/i, '')
    .replace(/^45(?=\d{8}$)/, '+45')
    .replace(/\blok(?:al(?:nummer|nr)?)?\.?:?\s*(?=\d)/i, 'ext. ')
