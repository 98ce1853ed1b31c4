import { z } from 'zod'
import { labelOf } from '../approvals/preview/labels.ts'
import { fieldsOf, metaOf, unwrapped } from '../approvals/preview/schema.ts'
import { sinkKinds, sinksOf } from '../approvals/sinks.ts'
import { fail } from '../errors.ts'
import { isOn } from '../operations/domain.ts'
import type { Locale } from '../language.ts'
import { schemaOf } from '../operations/jsonSchema.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'

const types = ['text', 'number', 'money', 'boolean', 'day', 'moment', 'choice', 'json'] as const

const FormField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(types),
  required: z.boolean(),
  /** Of a choice, with the word for each. */
  values: z.array(z.object({ value: z.string(), label: z.string() })),
  /** The resource whose ids it takes. */
  resource: z.string().nullable(),
  /** What it says of where something goes. */
  sink: z.enum(sinkKinds).nullable(),
})

const Form = z.object({
  id: z.string(),
  title: z.string(),
  effect: z.enum(['read', 'write', 'send', 'destroy']),
  fields: z.array(FormField),
})

/** What an operation takes, as a form shows it. */
export const getOperationForm = (registry: () => Registry): AnyOperation =>
  operation({
    name: 'platform.operations.get',
    summary: 'Get what one operation of this platform takes, field by field',
    effect: 'read',
    input: z.strictObject({
      id: z
        .string()
        .max(200)
        .meta({ description: 'Its name', examples: ['platform.operations.list'] }),
    }),
    output: Form,
    run({ id }, context) {
      const found = registry().find(id)
      if (!found || !isOn(found, context)) fail('not_found')
      return formOf(registry(), found, context.locale)
    },
  })

function formOf(registry: Registry, found: AnyOperation, locale: Locale): z.output<typeof Form> {
  const words = registry.words(found, locale)
  const sinks = sinksOf(found)
  const required = new Set(schemaOf(found.input as z.ZodType, 'input')['required'] as string[] | undefined)
  const fields = fieldsOf(found.input as z.ZodType).filter(([name]) => name !== 'version')
  return {
    id: found.name,
    title: words.title,
    effect: found.effect as 'write',
    fields: fields.map(([name, schema]) => {
      const { refers } = metaOf(schema)
      const said = (value: string) => words.values?.[name]?.[value]?.[0] ?? value
      return {
        name,
        label: labelOf(found, name, sinks.get(name), locale, registry),
        type: typeOf(schema),
        required: required.has(name),
        values: valuesOf(schema).map((value) => ({ value, label: said(value) })),
        resource: typeof refers === 'string' ? refers : null,
        sink: sinks.get(name) ?? null,
      }
    }),
  }
}

const valuesOf = (schema: z.ZodType): readonly string[] => {
  const inner = unwrapped(schema)
  return inner instanceof z.ZodEnum ? inner.options.map(String) : []
}

const typesOfFormat: Readonly<Record<string, 'day' | 'moment'>> = { date: 'day', datetime: 'moment' }

function typeOf(schema: z.ZodType): (typeof types)[number] {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodEnum) return 'choice'
  if (inner instanceof z.ZodBoolean) return 'boolean'
  if (inner instanceof z.ZodNumber) return metaOf(schema)['kind'] === 'money' ? 'money' : 'number'
  const { type, format } = inner.def as { type: string; format?: string }
  return type === 'string' ? (typesOfFormat[format ?? ''] ?? 'text') : 'json'
}
