import type { Sentence } from '#core'

/** What a file that somebody shared can be read as. */
export type DocumentKind = 'text' | 'pdf' | 'docx' | 'xlsx'

const kinds: readonly { readonly kind: DocumentKind; readonly type: RegExp; readonly name: RegExp }[] = [
  { kind: 'pdf', type: /^application\/pdf\b/, name: /\.pdf$/i },
  { kind: 'docx', type: /officedocument\.wordprocessingml\.document\b/, name: /\.docx$/i },
  { kind: 'xlsx', type: /officedocument\.spreadsheetml\.sheet\b/, name: /\.xlsx$/i },
  { kind: 'text', type: /^text\/(plain|csv|markdown|tab-separated-values)\b/, name: /\.(txt|csv|tsv|md|log)$/i },
] // prettier-ignore

/** By what Slack says that it is, else by its name; nothing where it is not read here. */
export function kindOf({ type, name }: { readonly type: string; readonly name: string }): DocumentKind | undefined {
  return (kinds.find((one) => one.type.test(type)) ?? kinds.find((one) => one.name.test(name)))?.kind
} // prettier-ignore

/** What the reading of one document may take. */
export interface Limits {
  readonly seconds: number
  /** Megabytes beside what is always there. */
  readonly memory: number
  readonly pages: number
  /** Of the text; the rest is left out. */
  readonly characters: number
}

export const usualLimits: Limits = { seconds: 10, memory: 256, pages: 100, characters: 20_000 }

/** Bytes of a file that is read. */
export const largest: Readonly<Record<DocumentKind, number>> = {
  text: 256 * 1024,
  pdf: 8 * 1024 * 1024,
  docx: 8 * 1024 * 1024,
  xlsx: 8 * 1024 * 1024,
}

/** Why a file was not read, as the agent is told it and tells it on. */
export const unread = {
  kind: {
    da: '(Filen er ikke læst: her læses PDF, Word, Excel, CSV og tekst.)',
    en: '(The file was not read: PDF, Word, Excel, CSV and text are read here.)',
  },
  size: {
    da: '(Filen er ikke læst: den er større end {limit}.)',
    en: '(The file was not read: it is larger than {limit}.)',
  },
  locked: {
    da: '(Filen er ikke læst: den er låst med en adgangskode.)',
    en: '(The file was not read: it is locked with a password.)',
  },
  empty: {
    da: '(Der er ingen tekst i filen; måske er det scannede billeder.)',
    en: '(There is no text in the file; it may be scanned pictures.)',
  },
  demanding: {
    da: '(Filen er ikke læst: det ville tage for lang tid.)',
    en: '(The file was not read: it would take too long.)',
  },
  gone: {
    da: '(Filen er ikke læst: den kunne ikke hentes fra Slack.)',
    en: '(The file was not read: it could not be fetched from Slack.)',
  },
  broken: {
    da: '(Filen er ikke læst: den er i stykker eller er ikke det, den kalder sig.)',
    en: '(The file was not read: it is broken, or not what it says that it is.)',
  },
} satisfies Record<string, Sentence>

export type Unread = keyof typeof unread

/** A document that is not read. */
export class DocumentRefusal extends Error {
  override name = 'DocumentRefusal'
  readonly because: Unread

  constructor(because: Unread, options?: ErrorOptions) {
    super(`The document was not read (${because}).`, options)
    this.because = because
  }
}
