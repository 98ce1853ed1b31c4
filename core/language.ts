import { IntlMessageFormat } from 'intl-messageformat'

export const locales = ['da', 'en'] as const
export type Locale = (typeof locales)[number]

/** One thing said in every language of the product, as an ICU message. */
export type Sentence = Readonly<Record<Locale, string>>

/** The same values with every sentence among them said in one language. */
export function inLanguage(
  values: Readonly<Record<string, unknown>>,
  locale: Locale,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, isSentence(value) ? value[locale] : value]),
  )
}

const isSentence = (value: unknown): value is Sentence =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 2 &&
  'da' in value &&
  'en' in value

const compiled = new Map<string, IntlMessageFormat>()

/** The sentence in the person's language, with its placeholders filled. A missing value reads as an en dash. */
export function sentence(
  words: Sentence,
  locale: Locale,
  values: Readonly<Record<string, unknown>> = {},
): string {
  return formatMessage(words[locale], locale, values)
}

const missing = '–'
/** What a plural makes of a missing number. */
const notANumber = String(Number.NaN)

/** Fills one ICU message; a value that is missing or null reads as "–", so that a sentence never fails. */
export function formatMessage(
  message: string,
  locale: Locale,
  values: Readonly<Record<string, unknown>>,
): string {
  const format = compile(message, locale)
  const complete = new Proxy(values, {
    has: () => true,
    get: (target, key) => (typeof key === 'string' ? (target[key] ?? missing) : undefined),
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
  })
  return String(format.format(complete as Record<string, string>)).replaceAll(notANumber, missing)
}

/** The language that an Accept-Language header (RFC 9110, 12.5.4) likes best of those the product speaks; else Danish. */
export function localeFrom(acceptLanguage: string | undefined): Locale {
  const wanted = (acceptLanguage ?? '').toLowerCase().split(',').map(readRange)
  const liked = wanted.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight)
  return liked.map(({ language }) => language).find(isLocale) ?? 'da'
}

function readRange(range: string): { readonly language: string; readonly weight: number } {
  const [tag = '', weight = '1'] = range.split(/;\s*q=/)
  return { language: tag.trim().split('-', 1)[0] ?? '', weight: Number(weight) || 0 }
}

export function isLocale(value: unknown): value is Locale {
  return locales.includes(value as Locale)
}

function compile(message: string, locale: Locale): IntlMessageFormat {
  const key = `${locale}\n${message}`
  let format = compiled.get(key)
  if (!format)
    compiled.set(key, (format = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true })))
  return format
}

/** What a Zod check says when it refuses, in both languages and without the full stop: `.refine(check, saying({…}))`. */
export const saying = (sentence: Sentence): { error: string; params: Record<string, unknown> } => ({
  error: sentence.en,
  params: { ...sentence },
})
