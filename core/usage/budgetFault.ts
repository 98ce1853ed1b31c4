import { fault, type Fault } from '../errors.ts'
import { locales, sentence, type Locale, type Sentence } from '../language.ts'
import type { BudgetPeriod, BudgetWarning } from './call.ts'

/** The refusal that says whose budget has no room, when it renews and who can raise it. */
export const budgetExhausted = (period: BudgetPeriod): Fault => fault('budget_exhausted', detailsOf(period))

/** What is added to an answer when a budget comes near its end. */
export const budgetWarning = (warning: BudgetWarning, locale: Locale): string =>
  sentence(nearItsEnd, locale, {
    ...detailsOf(warning),
    percent: warning.percent,
    renews: renewal(warning)[locale],
  })

const nearItsEnd: Sentence = {
  da: 'Bemærk: {percent} % af {covers, select, company {firmaets} person {dit} other {agentens}} AI-budget for {period, select, day {i dag} other {denne måned}} er brugt. Det fornyes {renews}.',
  en: 'Note: {percent}% of {covers, select, company {the company’s} person {your} other {the agent’s}} AI budget for {period, select, day {today} other {this month}} is used. It renews {renews}.',
}

const detailsOf = (of: BudgetPeriod) => ({
  budget: of.budget,
  covers: of.covers,
  period: of.period,
  renewsAt: of.renewsAt,
  renews: renewal(of),
})

/** "den 1. december" and "on 1 December", as days go where the company is. */
function renewal({ period, renewsAt, zone }: BudgetPeriod): Sentence {
  if (period === 'day') return { da: 'ved midnat', en: 'at midnight' }
  const [da, en] = locales.map((locale) =>
    new Intl.DateTimeFormat(locale === 'da' ? 'da-DK' : 'en-GB', {
      timeZone: zone,
      day: 'numeric',
      month: 'long',
    }).format(new Date(renewsAt)),
  )
  return { da: `den ${da}`, en: `on ${en}` }
}
