import { inputSchema, type AnyOperation, type CallRecord, type JsonSchema, type Registry } from '#core'
import { addName, type Names } from './names.ts'
import type { Asked, Meaning, Wanted } from './sets.ts'

/** How far a turn's calls are what was asked for. */
export interface Verdict {
  readonly operation: boolean
  /** Never without the operation. */
  readonly args: boolean
}

const wrong: Verdict = { operation: false, args: false }

export interface Court {
  readonly registry: Registry
  readonly names: Names
}

/** Judges by the call that did the thing: the last one, or where something was to change, the last that changes anything. */
export function judge(asked: Asked, calls: readonly CallRecord[], court: Court): Verdict {
  const names = { ...court.names, things: withResults(court.names.things, calls) }
  const verdicts = [asked, ...(asked.or ?? [])].map((meaning) =>
    judgeMeaning(meaning, calls, { ...court, names }),
  )
  return verdicts.find(({ args }) => args) ?? verdicts.find(({ operation }) => operation) ?? wrong
}

/** True when nothing but reading was done. */
export const changedNothing = (calls: readonly CallRecord[], { registry }: Court): boolean =>
  calls.every(({ operation }) => registry.find(operation)?.effect === 'read')

function judgeMeaning(meaning: Meaning, calls: readonly CallRecord[], court: Court): Verdict {
  const operation = court.registry.find(meaning.operation)
  if (!operation) throw new Error(`The sets speak of ${meaning.operation}, and there is no such operation.`)
  const changing = calls.filter((call) => !changedNothing([call], court))
  if (operation.effect === 'read' && changing.length > 0) return wrong
  if (changing.some((call) => call.operation !== operation.name)) return wrong
  const call = operation.effect === 'read' ? calls.at(-1) : changing.at(-1)
  if (!call) return wrong
  if (call.operation === operation.name)
    return { operation: true, args: sameInput(meaning, call, operation, court) }
  const isFound = isOnlyResult(meaning, call, operation, court)
  return { operation: isFound, args: isFound }
}

/** A thing that was to be shown is shown by a list with nothing else in it. */
function isOnlyResult(
  { input }: Meaning,
  call: CallRecord,
  { verb, resource, domain }: AnyOperation,
  court: Court,
) {
  if (verb !== 'get' || call.operation !== `${domain}.${resource}.list`) return false
  const items = (call.output as { items?: { id: string }[] } | undefined)?.items ?? []
  return items.length === 1 && matches(court.names.things.get(items[0]!.id), input['id'] ?? { any: true })
}

/** Arguments of paging, of form and of safety are nobody's wish. */
const formal = new Set(['limit', 'cursor', 'count', 'sort', 'version', 'currency', 'pipelineId'])

function sameInput(
  { input, may = [] }: Meaning,
  call: CallRecord,
  operation: AnyOperation,
  court: Court,
): boolean {
  const { properties = {} } = inputSchema(operation) as { properties?: Record<string, JsonSchema> }
  const given = Object.entries((call.input ?? {}) as Record<string, unknown>).filter(
    ([, value]) => !isNothing(value),
  )
  const read = Object.fromEntries(
    given.map(([name, value]) => [name, readable(value, properties[name] ?? {}, court.names)]),
  )
  const unasked = Object.keys(read).filter(
    (name) =>
      !(name in input) &&
      !may.includes(name) &&
      !formal.has(name) &&
      keyword(properties[name] ?? {}, 'assumed') !== read[name],
  )
  return unasked.length === 0 && Object.entries(input).every(([name, wanted]) => matches(read[name], wanted))
}

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** The argument as people would say it: names for ids, keys for stages. */
function readable(value: unknown, schema: JsonSchema, names: Names): unknown {
  if (Array.isArray(value))
    return value.map((item) => readable(item, (schema['items'] ?? {}) as JsonSchema, names))
  if (typeof value !== 'string') return value
  if (keyword(schema, 'refers') !== undefined) return names.things.get(value) ?? value
  return keyword(schema, 'kind') === 'stage' ? (names.stages.get(value.toLowerCase()) ?? value) : value
}

function keyword(schema: JsonSchema, name: string): unknown {
  const choices = (schema['anyOf'] ?? []) as JsonSchema[]
  return schema[name] ?? choices.map((choice) => choice[name]).find((value) => value !== undefined)
}

function matches(value: unknown, wanted: Wanted): boolean {
  if (typeof wanted === 'string') return typeof value === 'string' && matchesText(value, wanted)
  if (typeof wanted !== 'object') return value === wanted
  if (isList(wanted))
    return Array.isArray(value) && wanted.every((each) => value.some((item: unknown) => matches(item, each)))
  if ('any' in wanted) return value !== undefined
  if ('has' in wanted)
    return (
      typeof value === 'string' &&
      (wanted.has as string[]).every((text) => plain(value).includes(plain(text)))
    )
  return Object.entries(wanted).every(([name, each]) =>
    matches((value as Record<string, unknown>)?.[name], each),
  )
}

const isList = (wanted: Wanted): wanted is readonly Wanted[] => Array.isArray(wanted)

const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen', dateStyle: 'short' })
const dayMs = 86_400_000

function matchesText(value: string, wanted: string): boolean {
  const [, about, date] = /^(≈?)(\d{4}-\d\d-\d\d)$/.exec(wanted) ?? []
  if (date === undefined) return plain(value) === plain(wanted)
  const given = Date.parse(value)
  if (Number.isNaN(given)) return false
  const found = value.length === 10 ? value : day.format(given)
  return about === '' ? found === date : Math.abs(Date.parse(found) - Date.parse(date)) <= 2 * dayMs
}

/** Without capitals, accents and marks at the ends. */
const plain = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/^[\s.,:;!?"”“]+|[\s.,:;!?"”“]+$/gu, '') // prettier-ignore

/** With the names of what the calls themselves made or found. */
function withResults(things: Names['things'], calls: readonly CallRecord[]): Names['things'] {
  const all = new Map(things)
  for (const { output } of calls) {
    const rows = (output as { items?: unknown[] } | undefined)?.items ?? [output]
    for (const row of rows) if (typeof row === 'object' && row !== null) addUnknown(all, row as Row)
  }
  return all
}

type Row = Readonly<Record<string, unknown>>

/** A thing that was renamed is judged by the name that it was asked for by. */
export function addUnknown(things: Map<string, string>, row: Row): void {
  if (!things.has(String(row['id']))) addName(things, row)
}
