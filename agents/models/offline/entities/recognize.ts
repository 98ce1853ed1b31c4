import { findContactDetails } from './contact.ts'
import { findDays } from './days.ts'
import { findDurations } from './durations.ts'
import type { Entity } from './entity.ts'
import { findMoney } from './money.ts'
import { clockIn, dayIn, type Moment } from './moment.ts'
import { readDecimal } from './numbers.ts'
import { findTimes } from './times.ts'

export interface Surroundings {
  readonly now: Date
  readonly timeZone: string
}

/** Everything in a text that shows by its form, in reading order, none overlapping another but days and durations. */
export function recognize(text: string, { now, timeZone }: Surroundings): Entity[] {
  const today = dayIn(timeZone, now)
  const calendar = findDays(text, today)
  const contact = withoutOverlap(findContactDetails(text)).filter((each) => !isDate(each, calendar))
  const days = calendar.filter((day) => !overlaps(contact, day))
  const durations = findDurations(text).filter((each) => !overlaps(contact, each) && !overlaps(days, each))
  const dated = withTimes(text, [...merged(days)], today, clockIn(timeZone, now), [...contact, ...durations])
  const money = findMoney(text).filter((each) => !overlaps([...contact, ...dated, ...durations], each))
  const named = [...contact, ...dated, ...durations, ...money]
  const numbers = findNumbers(text).filter((each) => !overlaps(named, each))
  return [...named, ...numbers].sort((left, right) => left.start - right.start)
}

/** "20-11-2026" has eight figures, but is no phone number. */
const isDate = ({ type, start, end }: Entity, days: readonly Entity[]): boolean =>
  type === 'phone' && days.some((day) => day.start <= start && day.end >= end)

const overlaps = (
  others: readonly { start: number; end: number }[],
  one: { start: number; end: number },
): boolean => others.some((other) => one.start < other.end && one.end > other.start)

function withoutOverlap(entities: readonly Entity[]): Entity[] {
  const kept: Entity[] = []
  // Quoted text may hold an email; the email is then what was meant to be seen.
  for (const entity of entities) if (!overlaps(kept, entity)) kept.push(entity)
  return kept
}

type Dated = Entity & { type: 'moment' }

/** "fredag den 3. december" is one day: the date says which. */
function merged(days: readonly Entity[]): Entity[] {
  const sorted = [...(days as Dated[])].sort((left, right) => left.start - right.start)
  const kept: Dated[] = []
  for (const day of sorted) {
    const previous = kept.at(-1)
    if (!previous || day.start - previous.end > 2) kept.push(day)
    else kept.splice(-1, 1, { ...day, start: previous.start, core: previous.core })
  }
  return kept
}

function withTimes(
  text: string,
  days: readonly Entity[],
  today: number,
  clock: { hour: number; minute: number },
  taken: readonly Entity[],
): Entity[] {
  const time = findTimes(text).find((each) => !overlaps([...days, ...taken], each))
  if (!time) return [...days]
  const near =
    (days as Dated[]).find((day) => gap(day, time) <= 3) ??
    (days.length === 1 ? (days[0] as Dated) : undefined)
  if (!near) return [...days, alone(time, today, clock)]
  const value: Moment = { ...near.value, time: time.time }
  const joined = gap(near, time) <= 3
  const start = joined ? Math.min(near.start, time.start) : near.start
  const core = start === near.start ? near.core : start
  const end = joined ? Math.max(near.end, time.end) : near.end
  return days.map((day) => (day === near ? { type: 'moment', start, core, end, value } : day))
}

const gap = (left: { start: number; end: number }, right: { start: number; end: number }): number =>
  Math.max(left.start, right.start) - Math.min(left.end, right.end)

/** A time with no day is the next one: today, or tomorrow where it has passed. */
function alone(
  found: { start: number; end: number; time: { hour: number; minute: number } },
  today: number,
  clock: { hour: number; minute: number },
): Entity {
  const { start, end, time } = found
  const passed = time.hour * 60 + time.minute <= clock.hour * 60 + clock.minute
  const from = passed ? today + 1 : today
  return {
    type: 'moment',
    start,
    core: start,
    end,
    value: { from, to: from + 1, time, orPast: passed ? today : today - 1 },
  }
}

const figures = /(?<![\p{L}\d.,])\d{1,15}(?:[.,]\d+)*(?:\s?%)?(?![\p{L}\d])/gu

function findNumbers(text: string): Entity[] {
  return [...text.matchAll(figures)].flatMap((match) => {
    const value = readDecimal(match[0].replace(/\s?%$/, ''))
    const end = match.index + match[0].length
    return value === undefined
      ? []
      : [{ type: 'number', start: match.index, core: match.index, end, value } as const]
  })
}
