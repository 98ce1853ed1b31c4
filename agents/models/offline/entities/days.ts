import {
  monthNumber,
  monthPattern,
  unitPattern,
  unitOf,
  weekdayNumber,
  weekdayPattern,
} from './calendarWords.ts'
import type { Entity } from './entity.ts'
import { addMonths, dayOf, mondayOf, partsOf, realDay, weekStart, type Day, type Moment } from './moment.ts'
import { numberFrom, numberPattern } from './numbers.ts'

/** Days and periods of the calendar as people say them in either language, read on the given day. */
export function findDays(text: string, today: Day): Entity[] {
  const found: Entity[] = []
  for (const { pattern, read } of rules) {
    for (const match of text.matchAll(pattern)) add(found, match, read(match.groups ?? {}, today))
  }
  return found
}

function add(found: Entity[], match: RegExpExecArray, value: Moment | undefined): void {
  const start = match.index
  const end = start + match[0].length
  if (!value || found.some((other) => start < other.end && end > other.start)) return
  found.push({ type: 'moment', start, end, core: start + lead(match[0]), value })
}

/** Words such as "på", "den" and "before" belong to the phrase but a pattern may spell them out before its slot. */
const lead = (text: string): number =>
  /^(?:(?:på|den|d\.|i|the|on|in|by|til|inden|før|before)\s+)*/iu.exec(text)?.[0].length ?? 0

type Groups = Readonly<Record<string, string | undefined>>
interface Rule {
  readonly pattern: RegExp
  readonly read: (groups: Groups, today: Day) => Moment | undefined
}

const rule = (source: string, read: Rule['read']): Rule => ({
  pattern: new RegExp(`(?<![\\p{L}\\d])(?:${source})(?![\\p{L}\\d])`, 'giu'),
  read,
})
const oneDay = (from: Day | undefined): Moment | undefined =>
  from === undefined ? undefined : { from, to: from + 1 }

const rules: readonly Rule[] = [
  rule('(?<year>\\d{4})-(?<month>\\d{1,2})-(?<day>\\d{1,2})', fullDate),
  rule('(?:(?:på|on|den|d\\.)\\s+)?(?<day>\\d{1,2})[./-](?<month>\\d{1,2})[./-](?<year>\\d{4}|\\d{2})', fullDate),
  rule(
    `(?:(?:den|d\\.|the|on|on the)\\s+)?(?<day>\\d{1,2})(?:\\.|st|nd|rd|th)?\\s*(?:of\\s+)?(?<name>${monthPattern})\\.?(?:,?\\s+(?<year>\\d{4}))?`,
    fullDate,
  ),
  rule(`(?:on\\s+)?(?<name>${monthPattern})\\.?\\s+(?:the\\s+)?(?<day>\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s+(?<year>\\d{4}))?`, fullDate),
  rule('(?:(?:på|on|den|d\\.)\\s+)?(?<day>\\d{1,2})/(?<month>\\d{1,2})', fullDate),
  rule('(?:den|d\\.)\\s+(?<day>\\d{1,2})\\.?|(?:on )?the (?<ordinal>\\d{1,2})(?:st|nd|rd|th)', dayOfMonth),
  rule('(?:i dag|idag|today|tonight|i aften|this (?:evening|afternoon|morning))', (_, today) => oneDay(today)),
  rule('(?:over tiden|overskred(?:et|ne)|forfald(?:en|ne)|for sent på den|overdue|past due|over due|(?<=(?:^|\\b(?:is|are|am|running|any|the|my|our|show|which|what.s)\\s))late)', (_, today) => oneDay(today)),
  rule('(?:i overmorgen|overmorgen|(?:the )?day after tomorrow)', (_, today) => oneDay(today + 2)),
  rule('(?:i morgen|imorgen|tomorrow)', (_, today) => oneDay(today + 1)),
  rule('(?:i forgårs|forgårs|(?:the )?day before yesterday)', (_, today) => oneDay(today - 2)),
  rule('(?:i går|igår|yesterday)', (_, today) => oneDay(today - 1)),
  rule(`i\\s+(?<past>${weekdayPattern})s`, weekday),
  rule(
    `(?:(?:på|on|den|by|til|inden|før|before)\\s+)?(?:(?<which>næste|kommende|førstkommende|sidste|forrige|next|coming|this|last)\\s+)?(?<name>${weekdayPattern})`,
    weekday,
  ),
  rule('(?:i\\s+)?(?:uge|week)\\s+(?<week>\\d{1,2})', weekNumber),
  rule(
    `(?:i\\s+|in\\s+)?(?:the\\s+)?(?<which>denne|dette|næste|kommende|sidste|forrige|this|next|coming|last|previous)\\s+(?<unit>uge|weeks?|måned|maaned|month|år|aar|year|kvartal|quarter)`,
    period,
  ),
  rule('i år', (_, today) => yearFrom(partsOf(today).year)),
  rule(`(?:i|in)\\s+(?<name>${monthPattern})(?:\\s+(?<year>\\d{4}))?`, month),
  rule(`(?:om|in)\\s+(?<amount>${numberPattern})\\s+(?<unit>${unitPattern})(?:\\s+(?:tid|time))?`, ({ amount, unit }, today) => shifted(today, amount, unit, 1)),
  rule(`(?<amount>${numberPattern})\\s+(?<unit>${unitPattern})\\s+from\\s+(?:now|today)`, ({ amount, unit }, today) => shifted(today, amount, unit, 1)),
  rule(`(?:for\\s+)?(?<amount>${numberPattern})\\s+(?<unit>${unitPattern})\\s+(?:siden|ago)`, ({ amount, unit }, today) => shifted(today, amount, unit, -1)),
] // prettier-ignore

function fullDate({ day, month: figures, name, year }: Groups, today: Day): Moment | undefined {
  const month = name ? monthNumber(name) : Number(figures)
  if (year) return oneDay(realDay(year.length === 2 ? 2000 + Number(year) : Number(year), month, Number(day)))
  const thisYear = partsOf(today).year
  const [last, now, next] = [-1, 0, 1].map((years) => realDay(thisYear + years, month, Number(day)))
  return now === undefined ? undefined : around(today, now < today ? now : last, now < today ? next : now)
}

function dayOfMonth({ day, ordinal }: Groups, today: Day): Moment | undefined {
  const { year, month } = partsOf(today)
  const days = [-1, 0, 1, 2].map(
    (months) =>
      realDay(year, month + months, Number(day ?? ordinal)) ??
      monthShift(year, month + months, Number(day ?? ordinal)),
  )
  const real = days.filter((each) => each !== undefined)
  return around(
    today,
    real.findLast((each) => each < today),
    real.find((each) => each >= today),
  )
}

/** `realDay` knows only the months of one year; this one counts on across its end. */
function monthShift(year: number, month: number, day: number): Day | undefined {
  const first = partsOf(dayOf(year, month, 1))
  return realDay(first.year, first.month, day)
}

const around = (today: Day, past: Day | undefined, future: Day | undefined): Moment | undefined => {
  const day = future ?? past
  return day === undefined
    ? undefined
    : { from: day, to: day + 1, ...(past !== undefined && day >= today && { orPast: past }) }
}

function weekday({ which = '', name, past }: Groups, today: Day): Moment | undefined {
  const number = weekdayNumber(name ?? past ?? '')
  const ahead = (number - partsOf(today).weekday + 7) % 7
  if (past || /^(?:sidste|forrige|last)$/i.test(which)) return oneDay(today - ((7 - ahead) % 7 || 7))
  if (/^(?:næste|next)$/i.test(which)) return oneDay(mondayOf(today) + 7 + number)
  if (/^this$/i.test(which)) return oneDay(today + ahead)
  return { from: today + (ahead || 7), to: today + (ahead || 7) + 1, orPast: today - ((7 - ahead) % 7 || 7) }
}

function weekNumber({ week }: Groups, today: Day): Moment | undefined {
  const number = Number(week)
  if (number < 1 || number > 53) return undefined
  const { year } = partsOf(today)
  const thisYear = weekStart(year, number)
  const from = thisYear + 7 <= today ? weekStart(year + 1, number) : thisYear
  return {
    from,
    to: from + 7,
    ...(from >= today && { orPast: weekStart(year - (thisYear > today ? 1 : 0), number) }),
  }
}

function period({ which = '', unit = '' }: Groups, today: Day): Moment {
  const step = /^(?:næste|kommende|next|coming)$/i.test(which)
    ? 1
    : /^(?:denne|dette|this)$/i.test(which)
      ? 0
      : -1
  const { year, month } = partsOf(today)
  if (/^(?:uge|week)/i.test(unit))
    return { from: mondayOf(today) + 7 * step, to: mondayOf(today) + 7 * step + 7 }
  if (/^(?:år|aar|year)/i.test(unit)) return yearFrom(year + step)
  const [first, length] = /^(?:kvartal|quarter)/i.test(unit) ? [month - ((month - 1) % 3), 3] : [month, 1]
  const from = dayOf(year, first + step * length, 1)
  return { from, to: addMonths(from, length) }
}

const yearFrom = (year: number): Moment => ({ from: dayOf(year, 1, 1), to: dayOf(year + 1, 1, 1) })

function month({ name = '', year }: Groups, today: Day): Moment {
  const number = monthNumber(name)
  const thisYear = partsOf(today).year
  const from = dayOf(year ? Number(year) : thisYear, number, 1)
  const start = !year && addMonths(from, 1) <= today ? dayOf(thisYear + 1, number, 1) : from
  return { from: start, to: addMonths(start, 1), ...(start !== from && { orPast: from }) }
}

function shifted(today: Day, amount = '', unit = '', direction: 1 | -1): Moment | undefined {
  const count = numberFrom(amount)
  const kind = unitOf(unit)
  if (count === undefined || kind === 'minute' || kind === 'hour') return undefined
  const from = moved(today, count * direction, kind)
  // "in two weeks" is ahead, unless what is spoken of has happened: "no contact in two weeks".
  return { from, to: from + 1, ...(direction > 0 && { orPast: moved(today, -count, kind) }) }
}

/** A day moved by days, weeks, months or years; half months and years count as days. */
export function moved(day: Day, count: number, unit: 'day' | 'week' | 'month' | 'year'): Day {
  if (unit === 'day') return day + Math.round(count)
  if (unit === 'week') return day + Math.round(count * 7)
  const months = unit === 'year' ? count * 12 : count
  return Number.isInteger(months) ? addMonths(day, months) : day + Math.round(months * 30)
}
