import { z } from 'zod'
import { oncePer } from '../oncePer.ts'
import { toolName } from './name.ts'
import type { AnyOperation, Effect } from './operation.ts'
import type { Words } from './words.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** JSON Schema 2020-12 of a Zod schema, our own keywords (`refers`, `kind`, …) in it; a custom type stands by its meta. */
export const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => schemas[io](schema)

const schemasOf = (io: 'input' | 'output') =>
  oncePer((schema: z.ZodType): JsonSchema => {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' })
    return rest
  })
const schemas = { input: schemasOf('input'), output: schemasOf('output') }

export const inputSchema = ({ input }: AnyOperation): JsonSchema => schemaOf(input as z.ZodType, 'input')
export const outputSchema = ({ output }: AnyOperation): JsonSchema => schemaOf(output as z.ZodType, 'output')

/** What a program that picks a tool must know of a field that takes an id. */
export const referenceSentence = (refers: string): string =>
  `Id of one of ${refers}; find it with ${toolName(`${refers}.list`)}, never guess it.`

const asked: Readonly<Record<Effect, string>> = {
  read: '',
  write: '',
  send: ' A person has to approve it: calling it tells the person what it would do.',
  destroy: ' A person has to approve it: calling it tells the person what it would do.',
}

/** An operation as a program that picks tools reads it: what it does, its name for people, and who is asked first. */
export const toolDescription = ({ summary, effect }: AnyOperation, { title }: Words): string =>
  `${summary} (${title}).${asked[effect as Effect]}`

const ours = new Set(['refers', 'kind', 'secret', 'tense', 'free', 'sink'])

/** The same schema for programs that know only JSON Schema: what our own keywords say is said in the descriptions. */
export function portableSchema(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).filter(([key]) => !ours.has(key))
  const { refers } = schema
  const description = [schema['description'], typeof refers === 'string' && referenceSentence(refers)]
    .filter((part) => typeof part === 'string')
    .join(' ')
  return {
    ...Object.fromEntries(entries.map(([key, value]) => [key, portablePart(key, value)])),
    ...(description !== '' && { description }),
  }
}

/** Where JSON Schema holds schemas: a map of them, a list of them, or one. */
function portablePart(key: string, value: unknown): unknown {
  if (key === 'properties' || key === '$defs')
    return Object.fromEntries(
      Object.entries(value as Record<string, JsonSchema>).map(([name, part]) => [name, portableSchema(part)]),
    )
  if (Array.isArray(value) && ['anyOf', 'oneOf', 'allOf', 'prefixItems'].includes(key))
    return (value as JsonSchema[]).map(portableSchema)
  const one = key === 'items' || key === 'additionalProperties' || key === 'propertyNames'
  return one && typeof value === 'object' && value !== null ? portableSchema(value as JsonSchema) : value
}
