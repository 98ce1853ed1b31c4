import { sentence, type Locale } from '#core'
import { line, moment, remark, richText, shortened, words, type KnownBlock } from '../blockKit.ts'
import type { Approval, Change } from './approval.ts'
import { endings, said } from './sentences.ts'

const marks = { approved: '⏳', done: '✅', failed: '⚠️', rejected: '🚫', void: '⚪', expired: '⌛' } as const

/** What stands where the buttons were: what it was, who decided, when, and how it ended. */
export function recordOf(approval: Approval, locale: Locale): KnownBlock[] {
  const { id, status, outcome, changes, decidedAt } = approval
  const ending = endingOf(approval, locale)
  const decided = decidedAt === null ? [] : [words(' '), moment(decidedAt)]
  return [
    richText(
      [
        line(words(whatOf(approval))),
        ...changes.map(changedLine),
        line(words(ending, { bold: true }), ...decided),
      ],
      `approval:${id}:${status}`,
    ),
    ...(tellsMore(status) && outcome !== null ? [remark(outcome)] : []),
  ]
}

/** What was done, once it is; until then, and where it is not, what it would have been. */
const whatOf = ({ status, summary, outcome }: Approval): string =>
  status === 'done' ? (outcome ?? summary) : summary

/** What the agent had asked for, and what was done instead. */
const changedLine = ({ label, asked, value }: Change) =>
  line(
    words(`${label}: `),
    words(shortened(asked, mostOfEach), { strike: true }),
    words(` → ${shortened(value, mostOfEach)}`),
  )

const mostOfEach = 300

/** Where there is a button its text is the summary; of a record it is how it ended. */
export const fallbackOf = (approval: Approval, locale: Locale): string =>
  approval.status === 'pending' ? approval.summary : `${whatOf(approval)} ${endingOf(approval, locale)}`

function endingOf({ status, decidedByName }: Approval, locale: Locale): string {
  if (status === 'pending') return ''
  return `${marks[status]} ${sentence(endings[status], locale, { name: decidedByName })}`
}

/** That nobody answered, who said no, or what was done, is said already. */
const tellsMore = (status: Approval['status']): boolean => status === 'failed' || status === 'void'

/** For a card whose approval nobody may read any more: no buttons, and no more than that. */
export const closedCard = (locale: Locale): KnownBlock[] => [remark(sentence(said.notOpen, locale))]
