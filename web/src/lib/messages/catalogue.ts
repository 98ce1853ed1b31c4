import { IntlMessageFormat } from 'intl-messageformat'
import da from './da.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }

/** A key of da.json, the language that the product is written in first. */
export type MessageKey = keyof typeof da
export type MessageValues = Record<string, string | number | Date>

export const catalogues = { da, en } satisfies Record<string, Record<MessageKey, string>>

const compiled = new Map<string, IntlMessageFormat>()

/**
 * One sentence of the interface, ICU message syntax filled with `values`.
 * Plain text: markup in a value stays text.
 */
export function formatMessage(
  locale: keyof typeof catalogues,
  key: MessageKey,
  values?: MessageValues,
): string {
  return values ? String(compile(locale, key).format(values)) : catalogues[locale][key]
}

/** In the built page the pattern is a syntax tree already (compiledMessages.ts); in a test it is the text. */
function compile(locale: keyof typeof catalogues, key: MessageKey): IntlMessageFormat {
  const id = `${locale}:${key}`
  const known = compiled.get(id)
  if (known) return known
  const message = new IntlMessageFormat(catalogues[locale][key], locale, undefined, { ignoreTag: true })
  compiled.set(id, message)
  return message
}
