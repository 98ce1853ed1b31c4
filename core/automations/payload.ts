import { z } from 'zod'
import { fieldsOf, metaOf, unwrapped } from '../approvals/preview/schema.ts'
import type { EventType } from '../events/event.ts'

export const kinds = ['text', 'number', 'boolean', 'day', 'moment', 'id', 'choice', 'list'] as const
type Kind = (typeof kinds)[number]

/** One field of an event's payload that conditions and inputs can name. */
export interface PayloadField {
  /** `status`, or `address.city` for a part of one. */
  readonly path: string
  readonly schema: z.ZodType
  readonly kind: Kind
  /** Of a choice. */
  readonly values: readonly string[]
  /** The resource of an id, where the event says so. */
  readonly refers: string | undefined
}

/** Objects within objects that are looked into. */
const deepest = 3

/** Every field that an event of this type can have, in the order of its schema. */
export const fieldsIn = ({ payload }: EventType): readonly PayloadField[] => within(payload, '', deepest)

function within(schema: z.ZodType, before: string, depth: number): PayloadField[] {
  return fieldsOf(schema).flatMap(([name, field]) => {
    const path = `${before}${name}`
    const parts = depth > 0 ? within(field, `${path}.`, depth - 1) : []
    return parts.length > 0 ? parts : [described(path, field)]
  })
}

function described(path: string, schema: z.ZodType): PayloadField {
  const inner = unwrapped(schema)
  const { refers } = metaOf(schema)
  return {
    path,
    schema,
    kind: kindOf(inner),
    values: inner instanceof z.ZodEnum ? inner.options.map(String) : [],
    refers: typeof refers === 'string' ? refers : undefined,
  }
}

const kindsOfFormat: Readonly<Record<string, Kind>> = { date: 'day', datetime: 'moment', uuid: 'id' }

function kindOf(schema: z.ZodType): Kind {
  if (schema instanceof z.ZodNumber) return 'number'
  if (schema instanceof z.ZodBoolean) return 'boolean'
  if (schema instanceof z.ZodArray) return 'list'
  if (schema instanceof z.ZodEnum) return 'choice'
  const { format } = schema.def as { format?: string }
  return kindsOfFormat[format ?? ''] ?? 'text'
}
