import type { Operation } from '#lib/api/types.ts'
import { isOwnAffair } from '#lib/operations/ownAffair.ts'

/** Stands in a prompt for what the reader is to fill in. */
export const blank = '…'

/** An example phrase as a person would begin to write it: "flyt {id} til {stage}" → "Flyt … til …". */
export function promptOf(phrase: string): string {
  const text = phrase.replace(/\{[^}]*\}/g, blank).trim()
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}

/** Prompts longer than this do not fit on a card. */
const longest = 64

/**
 * Some prompts that show what can be done: each from another resource, those that read before one that writes. They end
 * in a blank at most, so that what is left to fill in is the last thing that one writes.
 */
export function suggestPrompts(operations: Operation[], count: number): string[] {
  const offered = operations.filter((each) => !isOwnAffair(each))
  const reads = onePerResource(offered.filter(({ effect }) => effect === 'read'))
  const writes = onePerResource(offered.filter(({ effect }) => effect === 'write'))
  return [...reads.slice(0, count - 1), ...writes].slice(0, count)
}

function onePerResource(operations: Operation[]): string[] {
  const prompts = new Map<string, string>()
  for (const { name, phrases } of operations) {
    const resource = name.split('.').slice(0, 2).join('.')
    const prompt = tellingPrompt(phrases)
    if (prompt && !prompts.has(resource)) prompts.set(resource, prompt)
  }
  return [...prompts.values()]
}

/** The longest phrase says the most. */
function tellingPrompt(phrases: string[]): string | undefined {
  const fitting = phrases.filter((phrase) => phrase.length <= longest && /^[^{]*(\{[^}]*\})?$/.test(phrase))
  const [first] = fitting.toSorted((one, other) => other.length - one.length)
  return first && promptOf(first)
}
