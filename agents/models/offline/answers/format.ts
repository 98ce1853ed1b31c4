import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type { Locale } from '#core'
import { withoutNull, type JsonSchema } from '../card.ts'
import { say } from './sentences.ts'

export interface Reader {
  readonly locale: Locale
  readonly timeZone: string
}

interface ValueWords {
  readonly values?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

const tags = { da: 'da-DK', en: 'en-GB' } as const
export const missing = '–'

/** A value as a person reads it: dates and money in the reader's way, choices by their words, nothing as a dash. */
export function display(
  name: string,
  value: unknown,
  row: Readonly<Record<string, unknown>>,
  schema: JsonSchema | undefined,
  words: ValueWords,
  reader: Reader,
): string {
  if (value === null || value === undefined || value === '') return missing
  const described = schema ? withoutNull(schema) : {}
  if (Array.isArray(value)) return value.length === 0 ? missing : value.map((item) => display(name, item, row, itemOf(described), words, reader)).join(', ') // prettier-ignore
  if (typeof value === 'object') return displayObject(value as Record<string, unknown>, described)
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no', reader.locale)
  if (typeof value === 'number') return displayNumber(name, value, row, described, reader)
  return displayText(name, String(value), described, words, reader)
}

const itemOf = (schema: JsonSchema): JsonSchema | undefined =>
  typeof schema.items === 'object' ? schema.items : undefined

function displayObject(value: Readonly<Record<string, unknown>>, { properties }: JsonSchema): string {
  const field = ['address', 'number', 'name', 'title', 'label'].find((key) => typeof value[key] === 'string')
  if (field === undefined) return missing
  return isPhone(properties?.[field]) ? spaced(String(value[field])) : String(value[field])
}

const isPhone = (schema: JsonSchema | undefined): boolean =>
  schema !== undefined && withoutNull(schema).kind === 'phone'

/** A number in E.164 with the spaces of its country: "+45 20 12 34 56". */
const spaced = (number: string): string => parsePhoneNumberFromString(number)?.formatInternational() ?? number

function displayNumber(
  name: string,
  value: number,
  row: Readonly<Record<string, unknown>>,
  { kind }: JsonSchema,
  reader: Reader,
): string {
  if (kind === 'money')
    return displayMoney(value, typeof row['currency'] === 'string' ? row['currency'] : 'DKK', reader)
  if (/percent|probability/i.test(name))
    return `${numberFormat(reader.locale).format(value <= 1 && !Number.isInteger(value) ? value * 100 : value)} %`
  return numberFormat(reader.locale).format(value)
}

const formats = new Map<string, Intl.NumberFormat>()

function numberFormat(locale: Locale, currency?: string, isWhole = false): Intl.NumberFormat {
  const key = `${locale}${currency ?? ''}${isWhole}`
  let format = formats.get(key)
  if (!format) {
    const style = currency
      ? ({ style: 'currency', currency, ...(isWhole && { maximumFractionDigits: 0 }) } as const)
      : {}
    formats.set(key, (format = new Intl.NumberFormat(tags[locale], style)))
  }
  return format
}

/** Minor units with their currency; whole amounts without decimals. */
function displayMoney(minor: number, currency: string, { locale }: Reader): string {
  const code = /^[A-Z]{3}$/.test(currency) ? currency : 'DKK'
  return numberFormat(locale, code, minor % 100 === 0).format(minor / 100)
}

const isDay = /^\d{4}-\d{2}-\d{2}$/
const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

function displayText(
  name: string,
  value: string,
  { format, kind }: JsonSchema,
  { values }: ValueWords,
  reader: Reader,
): string {
  const spoken = values?.[name]?.[value]?.[0]
  if (spoken) return spoken
  if (kind === 'phone') return spaced(value)
  if (isDay.test(value)) return dateFormat(reader.locale, 'UTC', false).format(new Date(`${value}T00:00:00Z`))
  if (isInstant.test(value) && (format === undefined || format === 'date-time'))
    return displayInstant(value, reader)
  return value
}

const dateFormats = new Map<string, Intl.DateTimeFormat>()

function dateFormat(locale: Locale, timeZone: string, withTime: boolean): Intl.DateTimeFormat {
  const key = `${locale}${timeZone}${withTime}`
  let format = dateFormats.get(key)
  if (!format) {
    const time = withTime ? ({ hour: '2-digit', minute: '2-digit' } as const) : {}
    format = new Intl.DateTimeFormat(tags[locale], {
      timeZone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      ...time,
    })
    dateFormats.set(key, format)
  }
  return format
}

/** Midnight stands for the whole day. */
function displayInstant(value: string, { locale, timeZone }: Reader): string {
  const at = new Date(value)
  if (Number.isNaN(at.getTime())) return value
  const midnight =
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at) === '00:00'
  return dateFormat(locale, timeZone, !midnight).format(at)
}
