import type { OfflineBrain } from './brain.ts'
import { tokenize } from './language/tokens.ts'
import { isFunctionWord } from './language/words.ts'
import { interpret } from './understanding/interpret.ts'

/** The day makes no difference to which operation is meant. */
const anyDay = { now: new Date(0), timeZone: 'Europe/Copenhagen' }

/** The operations that a message may ask for, the likeliest first. */
export const readingsFor = (
  brain: OfflineBrain,
  text: string,
  offered: (operation: string) => boolean,
): string[] => interpret(brain, text, offered, anyDay, 'da').readings.map(({ skill }) => skill.card.name)

/** The stems of a text's words, as often as they stand in it. */
export const stemsIn = (text: string): string[] =>
  tokenize(text.replace(/\{\w+\}/g, ' '))
    .filter(({ mark, word }) => !mark && !isFunctionWord(word))
    .map(({ stem }) => stem)

/** The stems that a message's words may stand for, with how near each is, 0 to 1. */
export function meaningsIn({ vocabulary }: OfflineBrain, text: string): Map<string, number> {
  const found = new Map<string, number>()
  tokenize(text).forEach((token, index) => {
    if (token.mark || isFunctionWord(token.word)) return
    found.set(token.stem, 1)
    for (const [stem, likeness] of vocabulary.meanings(token, index === 0))
      found.set(stem, Math.max(found.get(stem) ?? 0, likeness))
  })
  return found
}
