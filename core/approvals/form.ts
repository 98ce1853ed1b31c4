import { z } from 'zod'
import type { Locale } from '../language.ts'
import { schemaOf } from '../operations/jsonSchema.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { labelOf } from './preview/labels.ts'
import { fieldsOf, metaOf, unwrapped } from './preview/schema.ts'
import { sinkKinds, sinksOf } from './sinks.ts'

const types = ['text', 'number', 'money', 'boolean', 'day', 'moment', 'choice', 'json'] as const

/** One field of an operation's input, as a form shows it. */
export const FormField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(types),
  required: z.boolean(),
  /** Most characters of a text; null where the operation says none. */
  longest: z.int().nullable(),
  /** Of a choice, with the word for each. */
  values: z.array(z.object({ value: z.string(), label: z.string() })),
  /** The resource whose ids it takes. */
  resource: z.string().nullable(),
  /** What it says of where something goes. */
  sink: z.enum(sinkKinds).nullable(),
})
export type FormField = z.output<typeof FormField>

/** What an operation takes, field by field, made from its schema and its words. */
export function formOf(registry: Registry, operation: AnyOperation, locale: Locale): FormField[] {
  const words = registry.words(operation, locale)
  const sinks = sinksOf(operation)
  const input = operation.input as z.ZodType
  const required = new Set(schemaOf(input, 'input')['required'] as string[] | undefined)
  const fields = fieldsOf(input).filter(([name]) => name !== 'version')
  return fields.map(([name, schema]) => {
    const { refers } = metaOf(schema)
    const said = (value: string) => words.values?.[name]?.[value]?.[0] ?? value
    return {
      name,
      label: labelOf(operation, name, sinks.get(name), locale, registry),
      type: typeOf(schema),
      required: required.has(name),
      longest: longestOf(schema),
      values: valuesOf(schema).map((value) => ({ value, label: said(value) })),
      resource: typeof refers === 'string' ? refers : null,
      sink: sinks.get(name) ?? null,
    }
  })
}

const valuesOf = (schema: z.ZodType): readonly string[] => {
  const inner = unwrapped(schema)
  return inner instanceof z.ZodEnum ? inner.options.map(String) : []
}

const longestOf = (schema: z.ZodType): number | null => {
  const inner = unwrapped(schema)
  return inner instanceof z.ZodString ? inner.maxLength : null
}

const typesOfFormat: Readonly<Record<string, 'day' | 'moment'>> = { date: 'day', datetime: 'moment' }

/** `json` is whatever no single field of a form can take. */
export function typeOf(schema: z.ZodType): (typeof types)[number] {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodEnum) return 'choice'
  if (inner instanceof z.ZodBoolean) return 'boolean'
  if (inner instanceof z.ZodNumber) return metaOf(schema)['kind'] === 'money' ? 'money' : 'number'
  const { type, format } = inner.def as { type: string; format?: string }
  return type === 'string' ? (typesOfFormat[format ?? ''] ?? 'text') : 'json'
}
