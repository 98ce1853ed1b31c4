/** A day of the calendar as days since 1970-01-01, so that days can be counted and compared. */
export type Day = number

export interface Clock {
  readonly hour: number
  readonly minute: number
}

/** A length of time as people say it; `direction` where the words tell which way it goes from now. */
export interface Duration {
  readonly amount: number
  readonly unit: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'
  readonly direction?: 'past' | 'future'
}

/** A point or period of the calendar: first day, the day after the last, and the time of day where one was said. */
export interface Moment {
  readonly from: Day
  readonly to: Day
  readonly time?: Clock
  /** What it is when it lies in the past, where the words do not tell: "den 3." */
  readonly orPast?: Day
}

const perDay = 86_400_000

export const dayOf = (year: number, month: number, day: number): Day =>
  Date.UTC(year, month - 1, day) / perDay

export function partsOf(day: Day): { year: number; month: number; day: number; weekday: number } {
  const date = new Date(day * perDay)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: (date.getUTCDay() + 6) % 7,
  }
}

/** The day, if the calendar has it: 31 February is none. */
export function realDay(year: number, month: number, day: number): Day | undefined {
  const found = dayOf(year, month, day)
  const parts = partsOf(found)
  return parts.month === month && parts.day === day ? found : undefined
}

export function addMonths(day: Day, months: number): Day {
  const { year, month, day: date } = partsOf(day)
  const first = partsOf(dayOf(year, month + months, 1))
  const last = partsOf(dayOf(first.year, first.month + 1, 1) - 1).day
  return dayOf(first.year, first.month, Math.min(date, last))
}

export const mondayOf = (day: Day): Day => day - partsOf(day).weekday

/** The Monday of an ISO 8601 week: week 1 is the one with 4 January. */
export const weekStart = (year: number, week: number): Day => mondayOf(dayOf(year, 1, 4)) + (week - 1) * 7

export const isoDay = (day: Day): string => new Date(day * perDay).toISOString().slice(0, 10)

/** The day that it is in a time zone. */
export function dayIn(timeZone: string, at: Date): Day {
  const { year, month, day } = localParts(timeZone, at)
  return dayOf(year, month, day)
}

/** The instant at which a clock of that time zone shows this day and time. */
export function instantOf(timeZone: string, day: Day, { hour, minute }: Clock): Date {
  const wanted = day * perDay + (hour * 60 + minute) * 60_000
  const guess = wanted - offset(timeZone, new Date(wanted))
  return new Date(wanted - offset(timeZone, new Date(guess)))
}

export function clockIn(timeZone: string, at: Date): Clock {
  const { hour, minute } = localParts(timeZone, at)
  return { hour, minute }
}

function offset(timeZone: string, at: Date): number {
  const { year, month, day, hour, minute } = localParts(timeZone, at)
  const shown = dayOf(year, month, day) * perDay + (hour * 60 + minute) * 60_000
  return shown - Math.floor(at.getTime() / 60_000) * 60_000
}

const formats = new Map<string, Intl.DateTimeFormat>()

function localParts(
  timeZone: string,
  at: Date,
): Record<'year' | 'month' | 'day' | 'hour' | 'minute', number> {
  let format = formats.get(timeZone)
  if (!format) {
    const fields = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    } as const
    formats.set(
      timeZone,
      (format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields })),
    )
  }
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0 }
  for (const { type, value } of format.formatToParts(at)) {
    if (type in parts) parts[type as keyof typeof parts] = Number(value)
  }
  return parts
}
