import { z } from 'zod'
import type { Locale } from '../../language.ts'
import type { Words } from '../../operations/words.ts'
import { plainText, wholeText } from '../plainText.ts'
import { metaOf, unwrapped } from './schema.ts'

/** What is needed to say a value to a person. */
export interface Telling {
  readonly locale: Locale
  readonly words: Words
  /** "crm.contacts 0197…" → "Peter Holm". */
  readonly names: ReadonlyMap<string, string>
  /** ISO 4217, for amounts in minor units. */
  readonly currency: string
}

interface Told {
  readonly name: string
  readonly schema: z.ZodType
  /** Where something is sent to is never cut. */
  readonly whole: boolean
}

const nothing = '–'
const yesNo = { da: ['Ja', 'Nej'], en: ['Yes', 'No'] } as const
const region = { da: 'da-DK', en: 'en-GB' } as const
const timeZone = 'Europe/Copenhagen'

/** One value as a person reads it: names for ids, amounts with their currency, times as times; always plain text. */
export function tell(value: unknown, field: Told, telling: Telling): string {
  if (metaOf(field.schema)['kind'] === 'json') return tellJson(value)
  if (value === undefined || value === null || value === '') return nothing
  if (Array.isArray(value))
    return value.length === 0 ? nothing : value.map((item) => tell(item, field, telling)).join(', ')
  switch (typeof value) {
    case 'boolean':
      return yesNo[telling.locale][value ? 0 : 1]
    case 'number':
      return tellNumber(value, field, telling)
    case 'string':
      return tellText(value, field, telling)
    default:
      return tellParts(value as object, field, telling)
  }
}

/** As it is, whole: what its parts mean is known to whoever gets them. */
const tellJson = (value: unknown): string =>
  wholeText(typeof value === 'string' ? value : JSON.stringify(value))

function tellNumber(value: number, { schema }: Told, { locale, currency }: Telling): string {
  const isMoney = metaOf(schema)['kind'] === 'money'
  return isMoney
    ? new Intl.NumberFormat(region[locale], { style: 'currency', currency }).format(value / 100)
    : new Intl.NumberFormat(region[locale], { maximumFractionDigits: 10 }).format(value)
}

function tellText(value: string, { name, schema, whole }: Told, { locale, names, words }: Telling): string {
  const { refers } = metaOf(schema)
  if (refers !== undefined) return names.get(`${String(refers)} ${value}`) ?? plainText(value)
  const said = words.values?.[name]?.[value]?.[0]
  if (said !== undefined) return said
  const at = timeOf(value, schema)
  if (at) return new Intl.DateTimeFormat(region[locale], { ...at.style, timeZone }).format(at.time)
  return whole ? wholeText(value) : plainText(value)
}

/** A day or a moment, when the schema says that it is one. */
function timeOf(value: string, schema: z.ZodType) {
  const inner = unwrapped(schema)
  const { format } = (inner instanceof z.ZodArray ? unwrapped(inner.element as z.ZodType) : inner).def as {
    format?: string
  }
  const time = new Date(format === 'date' ? `${value}T12:00:00Z` : value)
  if (Number.isNaN(time.getTime())) return undefined
  if (format === 'date') return { time, style: { dateStyle: 'long' } as const }
  return format === 'datetime'
    ? { time, style: { dateStyle: 'long', timeStyle: 'short' } as const }
    : undefined
}

/** A part of a thing, such as one of several addresses: what it says, without the names of its fields. */
function tellParts(value: object, field: Told, telling: Telling): string {
  const parts = Object.values(value).filter((part) => part !== null && part !== undefined && part !== false)
  return parts.map((part) => tell(part, { ...field, schema: z.unknown() }, telling)).join(' · ')
}
