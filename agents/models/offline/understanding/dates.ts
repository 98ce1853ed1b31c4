import { moved } from '../entities/days.ts'
import type { Surroundings } from '../entities/recognize.ts'
import {
  clockIn,
  dayIn,
  instantOf,
  isoDay,
  type Clock,
  type Day,
  type Duration,
  type Moment,
} from '../entities/moment.ts'
import type { Field } from './fields.ts'

const isUpperBound = (name: string): boolean => /(?:before|until|till|to|til|max)$/i.test(name)
const isBound = (name: string): boolean => isUpperBound(name) || /(?:after|since|from|fra|min)$/i.test(name)

/** When a day has no time of day: bounds begin with the day, what happened is at noon, what is planned at nine. */
const clocks: Readonly<Record<'bound' | 'past' | 'future', Clock>> = {
  bound: { hour: 0, minute: 0 },
  past: { hour: 12, minute: 0 },
  future: { hour: 9, minute: 0 },
}

/** A day or period as the field wants it: `YYYY-MM-DD`, or an instant in UTC. */
export function readMoment(field: Field, moment: Moment, { now, timeZone }: Surroundings): string {
  const today = dayIn(timeZone, now)
  const day = chosenDay(field, moment, today)
  if (field.type === 'date') return isoDay(day)
  const usual = isBound(field.name)
    ? clocks.bound
    : day < today || field.tense === 'past'
      ? clocks.past
      : clocks.future
  return instantOf(timeZone, day, moment.time ?? usual).toISOString()
}

/** A period that is not over ends an upper bound at its end: "this week" as `dueBefore` is next Monday. */
function chosenDay(field: Field, { from, to, orPast }: Moment, today: Day): Day {
  if (field.tense === 'past' && orPast !== undefined) return orPast
  const period = to - from > 1
  return period && isUpperBound(field.name) && to > today ? to : from
}

/** A length of time as a point in time, counted from now the way that words or field say. */
export function readDurationAsMoment(
  field: Field,
  duration: Duration,
  { now, timeZone }: Surroundings,
): string {
  const sign =
    (duration.direction ?? field.tense ?? (isBound(field.name) ? 'past' : 'future')) === 'past' ? -1 : 1
  const { amount, unit } = duration
  if (unit === 'minute' || unit === 'hour') {
    const at = new Date(now.getTime() + sign * amount * (unit === 'hour' ? 3_600_000 : 60_000))
    return field.type === 'date' ? isoDay(dayIn(timeZone, at)) : at.toISOString()
  }
  const day = moved(dayIn(timeZone, now), sign * amount, unit)
  return field.type === 'date' ? isoDay(day) : instantOf(timeZone, day, clockIn(timeZone, now)).toISOString()
}

const minutesPer = { minute: 1, hour: 60, day: 1_440, week: 10_080, month: 43_200, year: 525_600 }

/** A length of time as a number: days where the field's name says so, else minutes; ISO 8601 in a text field. */
export function readDuration(field: Field, { amount, unit }: Duration): number | string {
  const minutes = amount * minutesPer[unit]
  if (/days$/i.test(field.name)) return Math.round(minutes / 1_440)
  if (/hours$/i.test(field.name)) return minutes / 60
  return field.integer ? Math.round(minutes) : `PT${Math.round(minutes)}M`
}
