import type { ApprovalField, EventField } from '#lib/api/types.ts'
import { formatDate, formatDateTime, t } from '#lib/messages/index.ts'
import { happenedIn } from './happened.ts'
import { knownIn, referencesOf, type EventWords, type Reference } from './references.ts'

const daysAfter = (count: number): string => t('automations.daysAfter', { count })

/** In the reader's language: what there is of an event to refer to, and what a text refers to beside that. */
export function eventReferences(fields: readonly EventField[], text = ''): readonly Reference[] {
  const words: EventWords = { daysAfter, at: t('automations.eventTime'), id: t('automations.eventId') }
  return knownIn(text, referencesOf(fields, words), words)
}

/** The days that are offered for a day of an input. */
export const offeredDays = (): readonly Reference[] =>
  [0, 1, 3, 7, 14, 30].map((count) => ({
    written: count === 0 ? '{{event.day}}' : `{{event.day+${count}}}`,
    label: daysAfter(count),
  }))

/** What an event said, in the reader's language. */
export const saidBy = (payload: unknown, fields: readonly EventField[]): ApprovalField[] =>
  happenedIn(payload, fields, {
    yes: t('app.yes'),
    no: t('app.no'),
    day: formatDate,
    moment: formatDateTime,
  })
