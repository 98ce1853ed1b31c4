import type { z } from 'zod'
import type { Locale, Sentence } from '../language.ts'
import { messageOf } from '../operations/input.ts'
import { problemsIn } from '../operations/problems.ts'
import { schemaOf, type JsonSchema } from '../operations/jsonSchema.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { Template } from './definition.ts'
import type { PayloadField } from './payload.ts'
import { problems, type Problem } from './problems.ts'
import { isReference, referencesIn, soleReference, type Reference } from './template.ts'

type Path = readonly (string | number)[]

interface Placed {
  readonly path: Path
  readonly text: string
}

/**
 * What is wrong with the input that an operation would be called with: literal values are held against its schema now,
 * references against the kinds of the event's fields; what an event brings is checked when it has come.
 */
export function wrongInput(
  operation: AnyOperation,
  template: Template,
  fields: readonly PayloadField[],
): Problem {
  const texts = textsIn(template, [])
  for (const placed of texts) {
    const problem = wrongReference(placed, fields) ?? wrongKind(operation, placed, fields)
    if (problem) return problem
  }
  const open = texts.filter(({ text }) => referencesIn(text).length > 0).map(({ path }) => path)
  return wrongLiteral(operation, template, open)
}

function textsIn(part: unknown, path: Path): Placed[] {
  if (typeof part === 'string') return [{ path, text: part }]
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([name, value]) =>
    textsIn(value, [...path, Array.isArray(part) ? Number(name) : name]),
  )
}

function wrongReference({ path, text }: Placed, fields: readonly PayloadField[]): Problem {
  const known = new Set([
    ...fields.map((field) => `payload.${field.path}`),
    'event.id',
    'event.at',
    'event.day',
  ])
  const wrong = referencesIn(text).find((found) => !isReference(found) || !known.has(found.name))
  if (!wrong) return undefined
  return problems.unknownReference(
    path.join('.'),
    wrong.written,
    fields.map((field) => field.path).join(', '),
  )
}

const typesOf: Readonly<Record<PayloadField['kind'], readonly string[]>> = {
  text: ['string'],
  choice: ['string'],
  id: ['string'],
  day: ['string'],
  moment: ['string'],
  number: ['number', 'integer'],
  boolean: ['boolean'],
  list: ['array'],
}

/** Only what can never fit: a number for a text, or the id of a deal where a contact's is wanted. */
function wrongKind(
  operation: AnyOperation,
  { path, text }: Placed,
  fields: readonly PayloadField[],
): Problem {
  const reference = soleReference(text)
  const taken =
    reference && (fields.find((field) => `payload.${field.path}` === reference.name) ?? ofEvent(reference))
  const wanted = schemaAt(schemaOf(operation.input as z.ZodType, 'input'), path)
  if (!reference || !taken || wanted.length === 0) return undefined
  const fits = wanted.some(
    ({ type, refers }) =>
      (type === undefined || typesOf[taken.kind].includes(String(type))) &&
      (refers === undefined || taken.refers === undefined || refers === taken.refers),
  )
  return fits ? undefined : problems.wrongKind(path.join('.'), reference.written)
}

const ofEvent = ({ name }: Reference): Pick<PayloadField, 'kind' | 'refers'> => ({
  kind: name === 'event.id' ? 'id' : name === 'event.at' ? 'moment' : 'day',
  refers: undefined,
})

/** The schemas that may stand at this place; none where nothing is known of it. */
function schemaAt(schema: JsonSchema, path: Path): readonly JsonSchema[] {
  const variants = (schema['anyOf'] ?? schema['oneOf']) as readonly JsonSchema[] | undefined
  if (variants) {
    const inherited = schema['refers'] === undefined ? {} : { refers: schema['refers'] }
    return variants
      .filter(({ type }) => type !== 'null')
      .flatMap((variant) => schemaAt({ ...inherited, ...variant }, path))
  }
  const [first, ...rest] = path
  if (first === undefined) return [schema]
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>
  const next = typeof first === 'number' ? (schema['items'] as JsonSchema | undefined) : properties[first]
  return next ? schemaAt(next, rest) : []
}

/** What the schema says of everything that does not wait for an event. */
function wrongLiteral(operation: AnyOperation, template: Template, open: readonly Path[]): Problem {
  const parsed = { da: issuesIn(operation, template, 'da'), en: issuesIn(operation, template, 'en') }
  const at = parsed.da.findIndex((issue) => !waits(issue, open))
  if (at < 0) return undefined
  const field = parsed.da[at]!.path.join('.') || operation.name
  return both(
    (locale) => problems.withField(field, messageOf(parsed[locale][at]!, locale).replace(/\.$/, ''))[locale],
  )
}

const issuesIn = ({ input }: AnyOperation, template: Template, locale: Locale): readonly z.core.$ZodIssue[] =>
  (input as z.ZodType).safeParse(template, { error: problemsIn(locale) }).error?.issues ?? []

/** What an event brings may mend it: it is at such a place, or a check of the plugin's own over the whole input. */
function waits({ code, path }: z.core.$ZodIssue, open: readonly Path[]): boolean {
  if (path.length === 0) return code === 'custom' && open.length > 0
  return open.some((place) => {
    const shared = Math.min(path.length, place.length)
    return path.slice(0, shared).every((part, at) => String(part) === String(place[at]))
  })
}

const both = (said: (locale: Locale) => string): Sentence => ({ da: said('da'), en: said('en') })
