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
