import type { Locale, Words } from '#core'
import { withoutNull, type JsonSchema, type OperationCard } from '../card.ts'
import { fold } from '../language/fold.ts'
import { stem } from '../language/stem.ts'
import type { EntityType } from '../entities/entity.ts'

type FieldType =
  | 'reference'
  | 'choice'
  | 'email'
  | 'phone'
  | 'cvr'
  | 'url'
  | 'date'
  | 'dateTime'
  | 'duration'
  | 'money'
  | 'number'
  | 'personName'
  | 'companyName'
  | 'placeName'
  | 'stage'
  | 'tag'
  | 'search'
  | 'text'
  | 'free'
  | 'count'
  | 'opaque'

/** One argument of an operation, as it is read from text. */
export interface Field {
  readonly name: string
  readonly type: FieldType
  readonly required: boolean
  /** The argument is a list of such values; `wrap` names the property where the list's items are objects. */
  readonly list: boolean
  readonly wrap?: string
  readonly refers?: string
  /** The thing's id is a word that people say, such as a plugin's name, and not a UUID. */
  readonly spoken?: true
  readonly tense?: 'past' | 'future'
  readonly integer: boolean
  /** What a list is narrowed to by who says nothing of it. */
  readonly assumed?: string | boolean
  /** Stemmed words → value, for a choice. */
  readonly choices: readonly Choice[]
}

interface Choice {
  readonly stems: readonly string[]
  readonly value: string | boolean
  /** It is said with words of its own, and not by its value alone. */
  readonly isSpoken?: true
}

export function fieldsOf(card: OperationCard): Field[] {
  const required = new Set(card.input.required ?? [])
  return Object.entries(card.input.properties ?? {}).map(([name, schema]) =>
    field(name, schema, required.has(name) && schema['default'] === undefined, card.words),
  )
}

type BothWords = Readonly<Record<Locale, Words>>

function field(name: string, outer: JsonSchema, required: boolean, words: BothWords): Field {
  const schema = withoutNull(outer)
  const list = schema.type === 'array'
  const item = list && typeof schema.items === 'object' ? withoutNull({ ...schema.items }) : schema
  const [wrap, value] = unwrapped(item)
  const described: JsonSchema = {
    ...pickMeaning(schema),
    ...value,
    ...pickMeaning(item),
    ...pickMeaning(schema),
  }
  const choices = choicesOf(name, described, words)
  const tense = described.tense
  return {
    name,
    type: typeOf(name, described, choices),
    required,
    list,
    ...(wrap && { wrap }),
    ...(typeof described.refers === 'string' && { refers: described.refers }),
    ...(described.refers && value.format !== 'uuid' && { spoken: true as const }),
    ...(tense && { tense }),
    integer: described.type === 'integer',
    ...(described.assumed !== undefined && { assumed: described.assumed as string | boolean }),
    choices,
  }
}

/** `{ address, label? }` is read as its first required property. */
function unwrapped(item: JsonSchema): [string | undefined, JsonSchema] {
  if (item.type !== 'object' || !item.properties) return [undefined, item]
  const name = item.required?.[0] ?? Object.keys(item.properties)[0]
  const property = name === undefined ? undefined : item.properties[name]
  return name && property ? [name, { ...withoutNull(property), ...impliedBy(name) }] : [undefined, item]
}

const impliedBy = (property: string): JsonSchema =>
  property === 'address' ? { kind: 'email' } : property === 'number' ? { kind: 'phone' } : {}

const meanings = ['refers', 'kind', 'tense', 'free', 'assumed'] as const
const pickMeaning = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(meanings.filter((key) => schema[key] !== undefined).map((key) => [key, schema[key]]))

const byKind = new Set(['personName', 'companyName', 'placeName', 'email', 'phone', 'date', 'dateTime', 'money', 'stage', 'duration', 'cvr', 'tag']) // prettier-ignore
const plumbing = new Set(['cursor', 'version', 'limit', 'locale', 'idempotencyKey', 'currency'])

function typeOf(name: string, schema: JsonSchema, choices: readonly Choice[]): FieldType {
  if (plumbing.has(name) && !choices.some(({ isSpoken }) => isSpoken)) return 'opaque'
  if (schema.refers) return 'reference'
  if (schema.free) return 'free'
  if (schema.kind === 'count') return 'count'
  if (schema.kind && byKind.has(schema.kind)) return schema.kind as FieldType
  if (choices.length > 0 || schema.enum || schema.type === 'boolean') return 'choice'
  if (name === 'q') return 'search'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type !== undefined && schema.type !== 'string') return 'opaque'
  return byFormat[schema.format ?? ''] ?? 'text'
}

const byFormat: Readonly<Record<string, FieldType>> = {
  email: 'email',
  date: 'date',
  'date-time': 'dateTime',
  uri: 'url',
  uuid: 'reference',
}

function choicesOf(name: string, schema: JsonSchema, words: BothWords): Choice[] {
  const spoken = [words.da, words.en].flatMap((each) => Object.entries(each.values?.[name] ?? {}))
  const own = [...(schema.enum ?? []), ...(schema.kind === 'stage' ? (schema.examples ?? []) : [])]
    .filter((value) => typeof value === 'string')
    .map((value) => ({ stems: stemsOf(value), value }))
  return [
    ...own,
    ...spoken.flatMap(([value, texts]) =>
      texts.map((text) => ({
        stems: stemsOf(text),
        value: schema.type === 'boolean' ? value === 'true' : value,
        isSpoken: true as const,
      })),
    ),
  ]
}

const stemsOf = (text: string): string[] =>
  fold(text)
    .split(/[^\p{L}\p{N}']+/u)
    .filter((word) => word)
    .map(stem)

const entityTypes: Partial<Record<FieldType, readonly EntityType[]>> = {
  email: ['email'],
  phone: ['phone'],
  cvr: ['cvr', 'phone'],
  url: ['url'],
  date: ['moment', 'duration'],
  dateTime: ['moment', 'duration'],
  duration: ['duration'],
  money: ['money', 'number'],
  number: ['number', 'duration'],
}

/** The kinds of recognised things that this field can be filled from. */
export const entitiesFor = (type: FieldType): readonly EntityType[] => entityTypes[type] ?? []

/** Fields filled by a name or words, whose extent only the sentence tells. */
export const isNamed = (type: FieldType): boolean =>
  ['reference', 'personName', 'companyName', 'placeName', 'stage', 'tag', 'search', 'text'].includes(type)
