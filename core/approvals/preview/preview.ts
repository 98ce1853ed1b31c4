import { z } from 'zod'
import { formatMessage, locales, type Locale } from '../../language.ts'
import type { AskedCall } from '../../operations/approval.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import { sinkKinds, sinksOf } from '../sinks.ts'
import { plainText } from '../plainText.ts'
import { labelOf } from './labels.ts'
import { namesIn, nameOf, readItem, type Item, type Reading } from './names.ts'
import { fieldsOf, metaOf } from './schema.ts'
import { tell, type Telling } from './values.ts'

/** One line of a card; every text of it is plain text. */
export const Field = z.object({
  name: z.string(),
  label: z.string(),
  value: z.string(),
  /** As it is now, where that is another than what it would become. */
  before: z.string().nullable(),
  /** What something is sent to, or how much: always whole. */
  sink: z.enum(sinkKinds).nullable(),
})

/** What a person reads of a question, in one language. */
export interface Card {
  readonly title: string
  readonly summary: string
  readonly fields: readonly z.output<typeof Field>[]
}

export interface Preview {
  readonly words: Readonly<Record<Locale, Card>>
  /** Whether the thing itself was there to be shown to the asker. */
  readonly found: boolean
  /** The version of the thing that the card shows. */
  readonly version: number | undefined
}

interface Subject {
  readonly item: Item
  /** Its read is marked untrusted: its words are for people alone, and never go back to a model. */
  readonly isUntrusted: boolean
}

/** What a call would do, in names and values and against what there is now, made from its schema alone. */
export async function previewOf(reading: Reading, call: AskedCall): Promise<Preview> {
  const { operation, caller } = call
  const input = call.input as Item
  const subject = await subjectOf(reading, call)
  const names = await namesIn(reading, operation, input, caller)
  const card = (locale: Locale): Card => cardOf(reading, operation, { input, subject, names, locale })
  const version = subject?.item['version']
  return {
    words: Object.fromEntries(locales.map((locale) => [locale, card(locale)])) as Preview['words'],
    found: subject !== undefined,
    version: typeof version === 'number' ? version : undefined,
  }
}

async function subjectOf(
  reading: Reading,
  { operation, input, caller }: AskedCall,
): Promise<Subject | undefined> {
  const { domain, resource } = operation
  const found = await readItem(reading, `${domain}.${resource}`, (input as Item)['id'], caller)
  return found && { item: found.item, isUntrusted: found.operation.untrusted === true }
}

interface Shown {
  readonly input: Item
  readonly subject: Subject | undefined
  readonly names: ReadonlyMap<string, string>
  readonly locale: Locale
}

function cardOf({ registry }: Reading, operation: AnyOperation, shown: Shown): Card {
  const { input, subject, names, locale } = shown
  const words = registry.words(operation, locale)
  const currency = [input['currency'], subject?.item['currency'], 'DKK'].find(isCurrency) as string
  const telling: Telling = { locale, words, names, currency }
  const sinks = sinksOf(operation)
  const given = fieldsOf(operation.input as z.ZodType).filter(
    ([name]) => name in input && (name !== 'version' || sinks.has(name)),
  )
  const fields = given.map(([name, schema]) => {
    const sink = sinks.get(name) ?? null
    const value = tell(input[name], { name, schema, whole: sink !== null }, telling)
    const before = sink ? undefined : beforeOf(name, schema, subject, telling)
    return {
      name,
      label: labelOf(operation, name, sink ?? undefined, locale, registry),
      value,
      before: before === value ? null : (before ?? null),
      sink,
    }
  })
  return {
    title: words.title,
    summary: summaryOf(words.confirm ?? words.doing, input, fields, shown),
    fields: named(fields, shown),
  }
}

const isCurrency = (code: unknown): boolean => typeof code === 'string' && /^[A-Z]{3}$/.test(code)

/** What stands there now; a thing that is referred to stands there by its name (`companyId` → `companyName`). */
function beforeOf(
  name: string,
  schema: z.ZodType,
  subject: Subject | undefined,
  telling: Telling,
): string | undefined {
  if (!subject || name === 'id') return undefined
  const { item } = subject
  const spoken = `${name.replace(/Ids?$/, '')}Name`
  const isNamed = spoken in item && (metaOf(schema)['refers'] !== undefined || !(name in item))
  if (!isNamed && !(name in item)) return undefined
  const told = { name, schema: isNamed ? z.unknown() : schema, whole: false }
  return tell(isNamed ? item[spoken] : item[name], told, telling)
}

type Line = z.output<typeof Field>

/** The thing itself is named by what its own read calls it; an id that says nothing to people is left out. */
function named(fields: readonly Line[], { subject }: Shown): Line[] {
  const name = subject && nameOf(subject.item)
  return fields.map((line) => (line.name === 'id' && name !== undefined ? { ...line, value: name } : line))
}

/** The plugin's own sentence about what is about to happen, with names for ids; it also goes back to whoever asked. */
function summaryOf(message: string, input: Item, fields: readonly Line[], shown: Shown): string {
  const known = shown.subject && !shown.subject.isUntrusted ? shown.subject.item : {}
  const told = fields.map(({ name, value }) => [name, value])
  const sentence = formatMessage(message, shown.locale, { ...known, ...Object.fromEntries(told) })
  const name = nameOf(known)
  const isNamed = name === undefined || sentence.includes(name) || 'name' in input
  return ended(plainText(isNamed ? sentence : `${name}: ${sentence}`))
}

/** What is about to happen is said without a full stop in menus; among other sentences it needs one. */
const ended = (sentence: string): string => (/[.!?…]$/.test(sentence) ? sentence : `${sentence}.`)
