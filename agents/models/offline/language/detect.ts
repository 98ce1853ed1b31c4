import type { Locale } from '#core'
import type { Token } from './tokens.ts'
import { isDanishFunctionWord, isEnglishFunctionWord } from './words.ts'

/** The language of a sentence; `otherwise` where its words do not tell. `known` says how a stem speaks for a language. */
export function detectLanguage(
  tokens: readonly Token[],
  otherwise: Locale,
  known: (stemmed: string) => Readonly<Record<Locale, boolean>> | undefined = () => undefined,
): Locale {
  let danish = 0
  let english = 0
  for (const token of tokens) {
    if (token.mark || token.word.includes('@')) continue
    const da = isDanishFunctionWord(token.word)
    const en = isEnglishFunctionWord(token.word)
    if (da && !en) danish += 1
    if (en && !da) english += 1
    if (!token.capital && /[æøå]/i.test(token.text)) danish += 1
    const speaks = known(token.stem)
    if (speaks?.da && !speaks.en) danish += 1.2
    if (speaks?.en && !speaks.da) english += 1.2
  }
  return danish === english ? otherwise : danish > english ? 'da' : 'en'
}
