import { z } from 'zod'

/** The keywords of a field, wherever in its wrapping (`.optional()`, `.default()`) they were given. */
export function metaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { innerType, element } = schema.def as { innerType?: z.ZodType; element?: z.ZodType }
  const inner = innerType ?? element
  return { ...(inner && metaOf(inner)), ...schema.meta() }
}

export function unwrapped(schema: z.ZodType): z.ZodType {
  const { innerType, in: before } = schema.def as { innerType?: z.ZodType; in?: z.ZodType }
  const inner = innerType ?? before
  return inner === undefined ? schema : unwrapped(inner)
}

export const fieldsOf = (schema: z.ZodType): readonly (readonly [string, z.ZodType])[] => {
  const inner = unwrapped(schema)
  return inner instanceof z.ZodObject ? Object.entries(inner.shape as Record<string, z.ZodType>) : []
}
