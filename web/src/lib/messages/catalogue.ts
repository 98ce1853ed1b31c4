import { IntlMessageFormat } from 'intl-messageformat'
import type da from './da.json'

/** A key of da.json, the language that the product is written in first. */
export type MessageKey = keyof typeof da
export type MessageValues = Record<string, string | number | Date>
type Catalogue = Record<MessageKey, string>

const files = {
  da: (): Promise<{ default: Catalogue }> => import('./da.json'),
  en: (): Promise<{ default: Catalogue }> => import('./en.json'),
}

export type Locale = keyof typeof files
export const locales = Object.keys(files) as Locale[]

const loaded: Partial<Record<Locale, Catalogue>> = {}
const compiled = new Map<string, IntlMessageFormat>()

/** Fetches the sentences of a language; a reader gets one language, and the other when they ask for it. */
export async function loadCatalogue(locale: Locale): Promise<void> {
  loaded[locale] ??= (await files[locale]()).default
}

/**
 * One sentence of the interface, ICU message syntax filled with `values`; the key itself before its language is loaded.
 * Plain text: markup in a value stays text.
 */
export function formatMessage(locale: Locale, key: MessageKey, values?: MessageValues): string {
  const pattern = loaded[locale]?.[key] ?? key
  return values ? String(compile(locale, pattern, key).format(values)) : pattern
}

/** In the built page the pattern is a syntax tree already (compiledMessages.ts); in a test it is the text. */
function compile(locale: Locale, pattern: string, key: MessageKey): IntlMessageFormat {
  const id = `${locale}:${key}`
  const known = compiled.get(id)
  if (known) return known
  const message = new IntlMessageFormat(pattern, locale, undefined, { ignoreTag: true })
  compiled.set(id, message)
  return message
}
