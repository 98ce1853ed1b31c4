import { z } from 'zod'
import { oncePer } from '../oncePer.ts'

/** The fields of an input or output that are marked `secret`: shown or taken once, never kept. */
export const secretFields = oncePer((schema: z.ZodType): ReadonlySet<string> => new Set(findSecrets(schema)))

/** The value as it may be kept: without what its schema marks as secret. */
export function withoutSecrets(schema: z.ZodType, value: unknown): unknown {
  const secret = secretFields(schema)
  if (secret.size === 0 || value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => !secret.has(name)))
}

function findSecrets(schema: z.ZodType): string[] {
  if (!(schema instanceof z.ZodObject)) return []
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>)
  return fields.filter(([, field]) => isSecret(field)).map(([name]) => name)
}

/** The mark holds whether it was made before or after `.optional()` and the like. */
function isSecret(schema: z.ZodType): boolean {
  if (schema.meta()?.['secret'] === true) return true
  const { innerType } = schema.def as { innerType?: z.ZodType }
  return innerType !== undefined && isSecret(innerType)
}
