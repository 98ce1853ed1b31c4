import { locales, type Locale, type Registry } from '#core'
import { detectLanguage } from './models/offline/language/detect.ts'
import { tokenize } from './models/offline/language/tokens.ts'

/** The language that a message is written in; undefined where its words do not tell, as in a name alone. */
export type LanguageOf = (text: string) => Locale | undefined

/** Characters that are looked at: nobody changes language later. */
const longestRead = 400

/** Tells Danish from English by small words, and by the words that only one language's phrases hold. */
export function createLanguageOf(registry: Registry): LanguageOf {
  const words = { da: stemsIn(registry, 'da'), en: stemsIn(registry, 'en') }
  const speaks = (stemmed: string) => ({ da: words.da.has(stemmed), en: words.en.has(stemmed) })
  return (text) => {
    const tokens = tokenize(text.slice(0, longestRead))
    const [first, second] = locales.map((otherwise) => detectLanguage(tokens, otherwise, speaks))
    return first === second ? first : undefined
  }
}

function stemsIn(registry: Registry, locale: Locale): Set<string> {
  const phrases = registry.operations.flatMap((operation) => registry.words(operation, locale).phrases)
  return new Set(
    phrases.flatMap((phrase) => tokenize(phrase.replace(/\{\w+\}/g, ' ')).map(({ stem }) => stem)),
  )
}
