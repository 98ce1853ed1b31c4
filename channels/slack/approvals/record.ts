import { sentence, type Locale } from '#core'
import { line, moment, remark, richText, words, type KnownBlock } from '../blockKit.ts'
import type { Approval } from './approval.ts'
import { endings, said } from './sentences.ts'

const marks = { approved: '⏳', done: '✅', failed: '⚠️', rejected: '🚫', void: '⚪', expired: '⌛' } as const

/** What stands where the buttons were: what it was, who decided, when, and how it ended. */
export function recordOf(approval: Approval, locale: Locale): KnownBlock[] {
  const { id, summary, status, outcome, decidedAt } = approval
  const ending = endingOf(approval, locale)
  const decided = decidedAt === null ? [] : [words(' '), moment(decidedAt)]
  return [
    richText(
      [line(words(summary)), line(words(ending, { bold: true }), ...decided)],
      `approval:${id}:${status}`,
    ),
    ...(tellsMore(status) && outcome !== null ? [remark(outcome)] : []),
  ]
}

/** Where there is a button its text is the summary; of a record it is how it ended. */
export const fallbackOf = (approval: Approval, locale: Locale): string =>
  approval.status === 'pending' ? approval.summary : `${approval.summary} ${endingOf(approval, locale)}`

function endingOf({ status, decidedByName }: Approval, locale: Locale): string {
  if (status === 'pending') return ''
  return `${marks[status]} ${sentence(endings[status], locale, { name: decidedByName })}`
}

/** That nobody answered, or who said no, is said already. */
const tellsMore = (status: Approval['status']): boolean =>
  status === 'done' || status === 'failed' || status === 'void'

/** For a card whose approval nobody may read any more: no buttons, and no more than that. */
export const closedCard = (locale: Locale): KnownBlock[] => [remark(sentence(said.notOpen, locale))]
