import type { PastMessage } from '#core'
import { factsOf, withFacts, type Fact } from './facts.ts'

/** What is left of the older part of a conversation. */
export interface Gist {
  /** The id of the last message that it tells of. */
  readonly upTo: string
  readonly text: string
  readonly facts: readonly Fact[]
}

/** Messages that are always told word for word, and how many may pile up before the older ones are summed up. */
const keptWhole = 16
export const mostWhole = 30
/** Characters of words at which fewer messages are too many as well. */
const mostText = 40_000

/** The messages that the gist does not tell of yet. */
export function untold(history: readonly PastMessage[], gist: Gist | null): readonly PastMessage[] {
  return gist ? history.filter(({ id }) => id > gist.upTo) : history
}

/**
 * The older messages that are due to be summed up; none while the conversation is short. Of a conversation of which nothing was ever
 * due nothing is summed up.
 */
export function dueForGist(history: readonly PastMessage[], gist: Gist | null): readonly PastMessage[] {
  const whole = untold(history, gist)
  const text = whole.reduce((sum, message) => sum + message.text.length, 0)
  if (whole.length <= mostWhole && (text <= mostText || whole.length <= keptWhole)) return []
  return whole.slice(0, -keptWhole)
}

/** Words for the messages and the gist before them, as somebody (a model, or nobody) put them. */
export type SumUp = (messages: readonly PastMessage[], before: string) => Promise<string>

/** The gist one part further on. Facts are not left to whoever sums up: names and ids stay as they were. */
export async function furtherGist(
  due: readonly PastMessage[],
  before: Gist | null,
  sumUp: SumUp,
): Promise<Gist> {
  const last = due.at(-1) as PastMessage
  return {
    upTo: last.id,
    text: await sumUp(due, before?.text ?? ''),
    facts: withFacts(before?.facts ?? [], factsOf(due)),
  }
}
