import { formatMessage, type MessageKey, type MessageValues } from './catalogue.ts'
import { locale } from './locale.svelte.ts'

export { locale } from './locale.svelte.ts'
export { locales, type Locale, type MessageKey, type MessageValues } from './catalogue.ts'
export * from './format.ts'

/** The sentence behind `key` in the reader's language; follows a change of language by itself. */
export function t(key: MessageKey, values?: MessageValues): string {
  return formatMessage(locale.current, key, values)
}
