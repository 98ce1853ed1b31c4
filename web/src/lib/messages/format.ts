import { locale } from './locale.svelte.ts'

const timeZone = 'Europe/Copenhagen'
const tags = { da: 'da-DK', en: 'en-GB' } as const
const dayInMilliseconds = 86_400_000

/** "12. nov. 2026" */
export function formatDate(value: string): string {
  return dateFormat({ day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(value))
}

/** "12. nov. 2026 kl. 14.05" */
export function formatDateTime(value: string): string {
  return dateFormat({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(value))
}

/** "14.05" */
export function formatTime(value: string): string {
  return dateFormat({ timeStyle: 'short' }).format(new Date(value))
}

/** "for 3 dage siden" within a month, the date after that. */
export function formatAgo(value: string, now = Date.now()): string {
  const days = Math.round((startOfDay(Date.parse(value)) - startOfDay(now)) / dayInMilliseconds)
  if (Math.abs(days) > 30) return formatDate(value)
  return new Intl.RelativeTimeFormat(tags[locale.current], { numeric: 'auto' }).format(days, 'day')
}

/** Money from integer minor units (øre) and an ISO 4217 code: "12.500 kr." */
export function formatMoney(minorUnits: number, currency: string): string {
  const format = new Intl.NumberFormat(tags[locale.current], {
    style: 'currency',
    currency,
    trailingZeroDisplay: 'stripIfInteger',
  })
  return format.format(minorUnits / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** "12.345", and from a million on "1,2 mio.". */
export function formatCount(count: number): string {
  const isMuch = count >= 1_000_000
  return new Intl.NumberFormat(tags[locale.current], isMuch ? { notation: 'compact', maximumFractionDigits: 1 } : {}).format(count) // prettier-ignore
}

/** "850 ms", "2,4 s" */
export function formatDuration(milliseconds: number): string {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(tags[locale.current], { maximumFractionDigits: digits }).format(value)
  return milliseconds < 1_000 ? `${number(milliseconds, 0)} ms` : `${number(milliseconds / 1_000, 1)} s`
}

/** "november 2026", of any day of it. */
export function formatMonth(day: string): string {
  return dateFormat({ month: 'long', year: 'numeric' }).format(new Date(day))
}

/** The cost of a single call from millionths of the currency, with as many decimals as it takes: "0,0042 kr." */
export function formatSmallMoney(micros: number, currency: string): string {
  const maximumSignificantDigits = 2
  const amount = micros / 1_000_000
  const digits = amount >= 1 ? {} : { maximumSignificantDigits }
  return new Intl.NumberFormat(tags[locale.current], { style: 'currency', currency, ...digits }).format(amount) // prettier-ignore
}

const dateFormats = new Map<string, Intl.DateTimeFormat>()

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = tags[locale.current] + JSON.stringify(options)
  const known = dateFormats.get(id)
  if (known) return known
  const format = new Intl.DateTimeFormat(tags[locale.current], { timeZone, ...options })
  dateFormats.set(id, format)
  return format
}

/** Midnight of the local day, as UTC milliseconds, so that "yesterday" is a calendar day and not 24 hours. */
function startOfDay(time: number): number {
  const [year, month, day] = new Intl.DateTimeFormat('en-CA', { timeZone })
    .format(time)
    .split('-')
    .map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day)
}
