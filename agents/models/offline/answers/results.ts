import { formatMessage, mostCounted, type Words } from '#core'
import type { Skill } from '../brain.ts'
import { withoutNull, type JsonSchema } from '../card.ts'
import { isObject } from '../planning/transcript.ts'
import { display, missing, type Reader } from './format.ts'
import { say } from './sentences.ts'
import { markdownTable, plainMarkdown } from './table.ts'

type Row = Readonly<Record<string, unknown>>
type Headings = Readonly<Record<string, string>>

/** What an operation's result says, in words: the sentence of what was done, and a small table where there are rows. */
export function tellResult(
  skill: Skill,
  input: Row,
  output: unknown,
  reader: Reader,
  columnsOf: (skill: Skill) => Headings | undefined,
): string {
  const words = skill.card.words[reader.locale]
  const list = listIn(output, skill.card.output)
  if (list) return tellList(skill, words, input, list, reader, columnsOf(skill))
  const row = isObject(output) ? output : {}
  const sentence = doneSentence(skill, words, { ...input, ...row }, reader)
  if (skill.card.effect !== 'read') return sentence
  const table = propertyTable(skill, words, row, reader, columnsOf(skill))
  return table ? `${sentence}\n\n${table}` : sentence
}

interface List {
  readonly rows: readonly Row[]
  readonly schema: JsonSchema
  readonly hasMore: boolean
  /** How many there are on all pages, where that was asked. */
  readonly total: number | undefined
  readonly rest: Row
}

/** The output's list: `items`, or the first property that is a list of objects. */
function listIn(output: unknown, schema: JsonSchema): List | undefined {
  if (!isObject(output)) return undefined
  const name = Array.isArray(output['items']) ? 'items' : undefined
  if (name === undefined) return undefined
  const rows = (output[name] as unknown[]).filter(isObject)
  const described = withoutNull(schema.properties?.[name] ?? {})
  const items = typeof described.items === 'object' ? described.items : {}
  const { total, nextCursor } = output
  return {
    rows,
    schema: items,
    hasMore: typeof nextCursor === 'string',
    total: typeof total === 'number' ? total : undefined,
    rest: output,
  }
}

const mostRows = 10

function tellList(
  skill: Skill,
  words: Words,
  input: Row,
  list: List,
  reader: Reader,
  columns: Headings | undefined,
): string {
  const { rows, hasMore, total = rows.length, rest } = list
  if (rows.length === 0) return words.empty ?? say('nothing', reader.locale)
  const { items: _items, ...values } = rest
  const told = { ...namesIn(rows[0] as Row), ...input, ...values, count: total }
  const sentence = withCount(headline(skill, words, told, reader), list, reader)
  // Who asks how many there are is told the number, and sees them only where they are few.
  if (total > mostRows && list.total !== undefined) return `${sentence.slice(0, -1)}.`
  const shown = rows.slice(0, mostRows)
  const headings = columns ?? guessedColumns(list.schema, shown)
  const table = markdownTable(
    Object.values(headings),
    shown.map((row) => cells(Object.keys(headings), row, list.schema, words, reader)),
  )
  const left = rows.length - shown.length
  const tail =
    left > 0 && !hasMore
      ? say('more', reader.locale, { count: left })
      : hasMore
        ? say('evenMore', reader.locale)
        : ''
  return [sentence, table, tail].filter((part) => part).join('\n\n')
}

/** What an id in the input names: all rows have it in common. */
const namesIn = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name.endsWith('Name')))

/** What was found, and what it was narrowed to. */
function headline(skill: Skill, words: Words, values: Row, reader: Reader): string {
  const narrowed = Object.entries(words.filters ?? {}).filter(([field]) => values[field] !== undefined)
  const messages = [words.done.replace(/[.:]$/, ''), ...narrowed.map(([, message]) => message)]
  return doneSentence(skill, { ...words, done: messages.join(' ').replaceAll(' ,', ',') }, values, reader)
}

/** The sentence tells how many, in its own words or behind it: "Kunder (12):". A part of them is not told as all. */
function withCount(sentence: string, list: List, { locale }: Reader): string {
  const count = list.total ?? list.rows.length
  const written = new Intl.NumberFormat(locale).format(count)
  const told = new RegExp(`(?<!\\d)(?:${count}|${written.replaceAll('.', '\\.')})(?!\\d)`)
  if (!told.test(sentence)) return `${sentence.replace(/[.:]$/, '')} (${written}${isTold(list) ? '' : '+'}):`
  if (isTold(list)) return `${sentence}:`
  const atLeast = list.total === undefined ? 'moreThan' : 'atLeast'
  return `${capitalized(sentence.replace(told, say(atLeast, locale, { count: written })))}:`
}

/** Whether the number is that of all there are. */
const isTold = ({ total, hasMore }: List): boolean => (total === undefined ? !hasMore : total < mostCounted)

const capitalized = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1)

function cells(
  names: readonly string[],
  row: Row,
  schema: JsonSchema,
  words: Words,
  reader: Reader,
): string[] {
  return names.map((path) => {
    const name = path.split('.').at(-1) as string
    return display(name, valueAt(row, path), row, schemaAt(schema, path), words, reader)
  })
}

const valueAt = (row: Row, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), row)

const schemaAt = (schema: JsonSchema, path: string): JsonSchema | undefined =>
  path
    .split('.')
    .reduce<JsonSchema | undefined>((at, key) => (at ? withoutNull(at).properties?.[key] : undefined), schema)

/** Without words for columns: the name and a few plain values. */
function guessedColumns({ properties = {} }: JsonSchema, rows: readonly Row[]): Headings {
  const names = Object.keys(Object.keys(properties).length > 0 ? properties : (rows[0] ?? {}))
  return Object.fromEntries(
    names
      .filter(isTellable)
      .slice(0, 4)
      .map((name) => [name, name]),
  )
}

const isTellable = (name: string): boolean => !/(?:^id|Id|Ids|version|createdAt|updatedAt)$/.test(name)

function doneSentence(skill: Skill, words: Words, values: Row, reader: Reader): string {
  const properties = { ...skill.card.input.properties, ...skill.card.output.properties }
  const told = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      spoken(name, value, values, properties[name], words, reader),
    ]),
  )
  try {
    return formatMessage(words.done, reader.locale, told)
  } catch {
    // A message that formats its own dates or numbers wants the values as they are.
    return formatMessage(words.done, reader.locale, values)
  }
}

/** Bare numbers stay numbers, so that a message can count them. */
function spoken(
  name: string,
  value: unknown,
  row: Row,
  schema: JsonSchema | undefined,
  words: Words,
  reader: Reader,
): unknown {
  if (typeof value === 'number' && (schema === undefined || withoutNull(schema).kind !== 'money'))
    return value
  return plainMarkdown(display(name, value, row, schema, words, reader))
}

function propertyTable(
  skill: Skill,
  words: Words,
  row: Row,
  reader: Reader,
  columns: Headings | undefined,
): string | undefined {
  const headings = columns ?? guessedColumns(skill.card.output, [row])
  const names = Object.keys(headings)
  const shown = cells(names, row, skill.card.output, words, reader)
  const lines = names
    .map((name, index) => [headings[name] as string, shown[index] as string])
    .filter(([, value]) => value !== missing)
  return lines.length === 0 ? undefined : markdownTable(['', ''], lines)
}
