import type { OfflineBrain } from './brain.ts'
import { tokenize } from './language/tokens.ts'
import { isFunctionWord } from './language/words.ts'
import { retrieve } from './understanding/retrieve.ts'
import { readWords, type Wording } from './understanding/sentence.ts'

/** How many phrases are looked at: enough for a dozen operations that can be asked for in several ways. */
const mostPhrases = 48

/** A text as a search for operations reads it. */
export const wordsIn = ({ vocabulary, nouns }: OfflineBrain, text: string): Wording =>
  readWords(text, vocabulary, nouns.has, 'da')

/**
 * The operations whose phrases share most telling words with a text, the likeliest first. Nothing is laid along it with
 * care, as it is where the offline model answers itself: a vendor's model reads the text again, and only chooses among these.
 */
export function likelyFor(
  { patterns, vocabulary }: OfflineBrain,
  words: Wording,
  offered: (operation: string) => boolean,
): string[] {
  const alike = retrieve(words, patterns, vocabulary, [{ of: offered, most: mostPhrases }])
  return [...new Set([...alike].map(({ operation }) => operation))]
}

/** The stems of a text's words, as often as they stand in it. */
export const stemsIn = (text: string): string[] =>
  tokenize(text.replace(/\{\w+\}/g, ' '))
    .filter(({ mark, word }) => !mark && !isFunctionWord(word))
    .map(({ stem }) => stem)

/** The stems that a text's words may stand for, with how near each is, 0 to 1. */
export function meaningsIn({ tokens, meanings }: Wording): Map<string, number> {
  const found = new Map<string, number>()
  tokens.forEach((token, index) => {
    if (token.mark || isFunctionWord(token.word)) return
    found.set(token.stem, 1)
    for (const [stem, likeness] of meanings[index] ?? [])
      found.set(stem, Math.max(found.get(stem) ?? 0, likeness))
  })
  return found
}
