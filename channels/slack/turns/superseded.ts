import { sentence, type CallRecord, type Core, type Locale } from '#core'
import type { Message, Place } from '../outbox/outgoing.ts'
import type { SlackParts } from '../parts.ts'
import { said } from './sentences.ts'

/**
 * Says in place of an answer that its question was changed, so that a thread never has two answers to one question. What was
 * done for it still stands there; every word of it stands in the conversation. Never rejects: somebody may have deleted it.
 */
export async function supersede(
  { core, out }: Pick<SlackParts, 'core' | 'out'>,
  place: Place,
  answer: string,
  done: readonly string[],
): Promise<void> {
  await out
    .supersede(place, answer, noteOf(done, place.locale ?? 'da'))
    .catch((error: unknown) => core.log.info({ err: error }, 'an answer in Slack could not be superseded'))
}

function noteOf(done: readonly string[], locale: Locale): Message {
  const note = `_${sentence(said.superseded, locale)}_`
  if (done.length === 0) return { text: note }
  const lines = done.map((each) => `- ${each.replaceAll('\n', ' ')}`)
  return { text: [note, '', sentence(said.doneBefore, locale), ...lines].join('\n') }
}

/** What calls have changed, in words that people read. */
export const doneIn = ({ registry }: Pick<Core, 'registry'>, calls: readonly CallRecord[]): string[] =>
  calls.flatMap(({ status, operation, title, summary }) =>
    status === 'done' && registry.find(operation)?.effect !== 'read' ? [summary ?? title] : [],
  )
