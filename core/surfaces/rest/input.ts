import { z } from 'zod'
import type { AnyOperation } from '../../operations/operation.ts'

type Reader = (text: string) => unknown

const number: Reader = (text) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text))
const boolean: Reader = (text) => (text === 'true' ? true : text === 'false' ? false : text)
const keep: Reader = (text) => text

/**
 * A query string holds only text; this reads each field as the type its schema says and leaves what does not fit
 * for the schema to refuse. Fields that hold several values may be repeated.
 */
export function queryReader(
  operation: AnyOperation,
): (query: Record<string, unknown>) => Record<string, unknown> {
  const shape =
    operation.input instanceof z.ZodObject ? (operation.input.shape as Record<string, z.ZodType>) : {}
  const readers = new Map(Object.entries(shape).map(([name, schema]) => [name, readerOf(schema)]))
  const lists = new Set(
    Object.entries(shape)
      .filter(([, schema]) => kindOf(schema) === 'array')
      .map(([name]) => name),
  )
  return (query) => {
    const input: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(query)) {
      const read = readers.get(name) ?? keep
      const values = Array.isArray(value) ? (value as string[]).map(read) : read(String(value))
      input[name] = lists.has(name) && !Array.isArray(values) ? [values] : values
    }
    return input
  }
}

function readerOf(schema: z.ZodType): Reader {
  const kind = kindOf(schema)
  if (kind === 'number' || kind === 'int') return number
  if (kind === 'boolean') return boolean
  if (kind === 'array') return readerOf((unwrap(schema) as z.ZodArray).element as z.ZodType)
  return keep
}

const kindOf = (schema: z.ZodType): string => unwrap(schema).def.type

function unwrap(schema: z.ZodType): z.ZodType {
  const inner = (schema.def as { innerType?: z.ZodType }).innerType
  return inner ? unwrap(inner) : schema
}
