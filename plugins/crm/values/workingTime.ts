/** When people in Denmark are at work: Monday to Friday, but for public holidays. Times are those of Copenhagen. */

const zone = 'Europe/Copenhagen'
const hour = 3_600_000
const quarter = 900_000

/** The hours within which one may well be called. */
const opens = 9
const closes = 16

/** The next sensible moment to call: an hour from now to the next quarter, or when the next working day begins. */
export function nextCallTime(now: Date): Date {
  const soon = new Date(Math.ceil((now.getTime() + hour) / quarter) * quarter)
  const { day, minutes } = localTime(soon)
  if (!isWorkingDay(day) || minutes >= closes * 60) return opening(nextWorkingDay(day))
  return minutes < opens * 60 ? opening(day) : soon
}

/** The date in Copenhagen, as ISO 8601. */
export const danishDay = (moment: Date): string => localTime(moment).day

export function isWorkingDay(day: string): boolean {
  const weekday = dateOf(day).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !isHoliday(day)
}

function nextWorkingDay(day: string): string {
  const next = dayAfter(day, 1)
  return isWorkingDay(next) ? next : nextWorkingDay(next)
}

/**
 * Days when offices are closed (the General Prayer Day was abolished in 2024); the afternoon of 5 June and the days before
 * and after Christmas are no public holidays, but nobody picks up.
 */
function isHoliday(day: string): boolean {
  const year = Number(day.slice(0, 4))
  if (['01-01', '06-05', '12-24', '12-25', '12-26', '12-31'].includes(day.slice(5))) return true
  const easter = easterSunday(year)
  return [-3, -2, 0, 1, 39, 49, 50].some((offset) => dayAfter(easter, offset) === day)
}

/** Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature, 20 April 1876). */
export function easterSunday(year: number): string {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114
  return new Date(Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1)).toISOString().slice(0, 10)
}

const dateOf = (day: string): Date => new Date(`${day}T00:00:00Z`)

/** The date so many days after another, both as ISO 8601. */
export const dayAfter = (day: string, days: number): string =>
  new Date(dateOf(day).getTime() + days * 24 * hour).toISOString().slice(0, 10)

const clock = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone,
  dateStyle: 'short',
  timeStyle: 'short',
  hourCycle: 'h23',
})

function localTime(moment: Date): { day: string; minutes: number } {
  const [day = '', time = ''] = clock.format(moment).split(', ')
  const [hours = '0', minutes = '0'] = time.split(':')
  return { day, minutes: Number(hours) * 60 + Number(minutes) }
}

/** Copenhagen is one or two hours ahead of UTC, and never changes while people are at work. */
function opening(day: string): Date {
  const guess = new Date(`${day}T0${opens}:00:00Z`)
  const ahead = localTime(guess).minutes - opens * 60
  return new Date(guess.getTime() - ahead * 60_000)
}
