/**
 * Reads a date as it is written in Denmark, or as ISO 8601, into an ISO date (`2026-11-21`): `21-11-2026`, `21.11.26`,
 * `3/4-2026`, `21. november 2026`, `21 Nov 2026`, `2026-11-21T14:30`. The day always stands before the month.
 * A time of day behind the date is read over. Undefined where the text is no date of the calendar.
 */
export function parseDate(text: string): string | undefined {
  const trimmed = text.normalize('NFKC').trim().toLowerCase()
  if (trimmed.length > 60) return undefined
  const bare = trimmed.replace(timeOfDay, '')
  return fromIso(bare) ?? fromNumbers(bare) ?? fromMonthName(bare)
}

const timeOfDay =
  /(?:t|,?\s+(?:kl\.?\s*)?)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]m)?\s*(?:z|[+-]\d{2}:?\d{2})?$/

function fromIso(text: string): string | undefined {
  const [, year, month, day] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text) ?? []
  return year && month && day ? calendarDate(Number(year), Number(month), Number(day)) : undefined
}

function fromNumbers(text: string): string | undefined {
  const [, day, month, year] = /^(\d{1,2})[-/.]\s?(\d{1,2})[-/.]\s?(\d{4}|\d{2})$/.exec(text) ?? []
  return day && month && year ? calendarDate(fullYear(year), Number(month), Number(day)) : undefined
}

function fromMonthName(text: string): string | undefined {
  const pattern = /^(?:d\.?\s*|den\s+)?(\d{1,2})\.?\s*(?:of\s+)?([a-z]+)\.?,?\s*(\d{4}|\d{2})$/
  const [, day, name, year] = pattern.exec(text) ?? []
  const month = months.findIndex((names) => names.includes(name ?? '')) + 1
  return day && year && month ? calendarDate(fullYear(year), month, Number(day)) : undefined
}

const months: readonly (readonly string[])[] = [
  ['januar', 'january', 'jan'],
  ['februar', 'february', 'feb', 'febr'],
  ['marts', 'march', 'mar'],
  ['april', 'apr'],
  ['maj', 'may'],
  ['juni', 'june', 'jun'],
  ['juli', 'july', 'jul'],
  ['august', 'aug'],
  ['september', 'sep', 'sept'],
  ['oktober', 'october', 'okt', 'oct'],
  ['november', 'nov'],
  ['december', 'dec'],
]

/** Two digits mean the century that lies nearest in business records: 70–99 is 1900s, 00–69 is 2000s. */
const fullYear = (year: string): number => {
  const number = Number(year)
  if (year.length === 4) return number
  return number < 70 ? 2000 + number : 1900 + number
}

function calendarDate(year: number, month: number, day: number): string | undefined {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
