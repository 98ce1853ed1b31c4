import type { Sentence } from '#core'

/** Values for the placeholders of a sentence, such as `{line}`. */
type Details = Readonly<Record<string, string | number>>

/** Why a whole file is refused. One sentence each: what is wrong, and what to do. */
const exchangeFaults = {
  empty_file: {
    da: 'Filen er tom. Vælg en fil med mindst én linje.',
    en: 'The file is empty. Choose a file with at least one line.',
  },
  other_format: {
    da: 'Filen er ikke en CSV-fil, men {format}. Gem den som CSV, og prøv igen.',
    en: 'The file is not CSV, but {format}. Save it as CSV and try again.',
  },
  not_text: {
    da: 'Filen indeholder binære data og kan ikke læses som tekst. Gem den som CSV (UTF-8), og prøv igen.',
    en: 'The file holds binary data and cannot be read as text. Save it as CSV (UTF-8) and try again.',
  },
  mixed_encoding: {
    da: 'Filen blander to tegnsæt og kan ikke læses. Gem den igen som CSV (UTF-8), eller vælg tegnsættet.',
    en: 'The file mixes two character sets and cannot be read. Save it again as CSV (UTF-8), or choose the character set.',
  },
  wrong_encoding: {
    da: 'Filen er ikke skrevet i {encoding}. Vælg et andet tegnsæt, eller lad TekUp finde det.',
    en: 'The file is not written in {encoding}. Choose another character set, or let TekUp find it.',
  },
  unclosed_quote: {
    da: 'Et anførselstegn, der åbnes i linje {line}, lukkes aldrig. Filen er måske kun hentet halvt; ret linjen, eller hent filen igen.',
    en: 'A quotation mark that opens on line {line} is never closed. The file may be half downloaded; correct the line, or fetch the file again.',
  },
  cut_off: {
    da: 'Filen stopper midt i linje {line}: {found} af {expected} felter. Hent den igen, eller ret den sidste linje.',
    en: 'The file stops in the middle of line {line}: {found} of {expected} cells. Fetch it again, or correct the last line.',
  },
  row_too_long: {
    da: 'Linje {line} er længere end 1 MB. Et anførselstegn mangler nok; ret linjen, og prøv igen.',
    en: 'Line {line} is longer than 1 MB. A quotation mark is probably missing; correct the line and try again.',
  },
  too_many_columns: {
    da: 'Filen har {found} kolonner; der kan højst være {limit}. Fjern dem, der ikke skal med.',
    en: 'The file has {found} columns; there can be at most {limit}. Remove those that are not needed.',
  },
  not_vcard: {
    da: 'Filen er ikke et vCard: linje {line} skulle være BEGIN:VCARD. Vælg en .vcf-fil.',
    en: 'The file is not a vCard: line {line} should be BEGIN:VCARD. Choose a .vcf file.',
  },
  unclosed_card: {
    da: 'Kortet, der begynder i linje {line}, mangler END:VCARD. Filen er måske kun hentet halvt; hent den igen.',
    en: 'The card that begins on line {line} lacks END:VCARD. The file may be half downloaded; fetch it again.',
  },
  card_too_long: {
    da: 'Kortet omkring linje {line} er over {limit} MB. Fjern billedet fra det, og prøv igen.',
    en: 'The card around line {line} is over {limit} MB. Remove its picture and try again.',
  },
} as const satisfies Readonly<Record<string, Sentence>>

type ExchangeFaultCode = keyof typeof exchangeFaults

/** A file that cannot be read at all. `message` is the English sentence; `sentence` holds both languages. */
export class ExchangeFault extends Error {
  readonly code: ExchangeFaultCode
  readonly sentence: Sentence
  /** The line of the file that is at fault, counted from 1. */
  readonly line: number | undefined

  constructor(code: ExchangeFaultCode, details: Details = {}) {
    const { da, en } = exchangeFaults[code]
    const sentence = { da: fill(da, details), en: fill(en, details) }
    super(sentence.en)
    this.name = 'ExchangeFault'
    this.code = code
    this.sentence = sentence
    this.line = typeof details['line'] === 'number' ? details['line'] : undefined
  }
}

const fill = (words: string, details: Details): string =>
  words.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '–'))
