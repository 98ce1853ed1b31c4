import { referenceSentence, type JsonSchema } from '#core'

const kept = [
  'type',
  'enum',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'required',
  'description',
] as const

/**
 * The part of JSON Schema that every vendor's function calling takes. Gemini refuses unknown keywords, formats other
 * than date-time, the null type; OpenAI takes all of what is left. What is lost is said in the description.
 */
export function vendorSchema(schema: JsonSchema): JsonSchema {
  const { choice, nullable } = withoutNull(schema)
  const { properties, items, format, anyOf } = choice as SchemaParts
  const description = describe(schema, choice, nullable)
  const values = namedValues(choice)
  return {
    ...Object.fromEntries(kept.flatMap((key) => (choice[key] === undefined ? [] : [[key, choice[key]]]))),
    ...(description !== '' && { description }),
    ...(format === 'date-time' && { format }),
    ...(choice['type'] === 'object' && { properties: fieldsOf(properties) }),
    ...(items && { items: vendorSchema(items) }),
    ...(anyOf && { anyOf: anyOf.map(vendorSchema) }),
    ...(values && { enum: values }),
    ...(nullable && { nullable: true }),
  }
}

/** Gemini's enums are texts; of another type only the type is said, and `invoke` refuses what does not fit. */
function namedValues(choice: JsonSchema): readonly unknown[] | undefined {
  const values = 'const' in choice ? [choice['const']] : (choice['enum'] as unknown[] | undefined)
  return values?.every((value) => typeof value === 'string' && value !== '') ? values : undefined
}

/** An object with fields of any name has to name one for Gemini. */
function fieldsOf(properties: Readonly<Record<string, JsonSchema>> | undefined): JsonSchema {
  if (properties) return eachOf(properties, vendorSchema)
  return { field: { type: 'string', description: 'Fields may have any name.' } }
}

interface SchemaParts {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly format?: string
  readonly anyOf?: readonly JsonSchema[]
}

/** Null is written as one of several types, or as one of several choices. */
function withoutNull(schema: JsonSchema): { choice: JsonSchema; nullable: boolean } {
  const { type, anyOf } = schema as { type?: unknown; anyOf?: readonly JsonSchema[] }
  if (Array.isArray(type)) {
    const others = type.filter((each) => each !== 'null') as string[]
    const choice =
      others.length === 1
        ? { ...schema, type: others[0] }
        : { anyOf: others.map((each) => ({ ...schema, type: each })) }
    return { choice, nullable: others.length < type.length }
  }
  const others = anyOf?.filter((each) => each['type'] !== 'null')
  if (!anyOf || !others || others.length === anyOf.length) return { choice: schema, nullable: false }
  return { choice: others.length === 1 ? (others[0] as JsonSchema) : { anyOf: others }, nullable: true }
}

function describe(schema: JsonSchema, choice: JsonSchema, nullable: boolean): string {
  const keyword = (name: string): unknown => schema[name] ?? choice[name]
  const { refers, format, pattern } = {
    refers: keyword('refers'),
    format: keyword('format'),
    pattern: keyword('pattern'),
  }
  const parts = [
    keyword('description'),
    typeof refers === 'string' && referenceSentence(refers),
    format !== undefined && format !== 'date-time' && `Format: ${String(format)}.`,
    pattern !== undefined && format === undefined && `Pattern: ${String(pattern)}.`,
    nullable && 'May be null.',
  ]
  return parts.filter((part) => typeof part === 'string').join(' ')
}

const eachOf = (fields: Readonly<Record<string, JsonSchema>>, change: (schema: JsonSchema) => JsonSchema) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, change(field)]))
