import { z } from 'zod'
import { oncePer } from '../oncePer.ts'
import type { AnyOperation } from '../operations/operation.ts'

/** Where something leaves to, or how much of it: what a person must always see in full. */
export const sinkKinds = ['recipient', 'url', 'amount', 'channel'] as const
export type Sink = (typeof sinkKinds)[number]

/**
 * The fields of the input that are marked `meta({ sink: … })`, themselves or in what they hold (`to: [{ address }]` is
 * the field `to`). Every operation that sends marks at least one; the contract suite holds it to that.
 */
export const sinksOf = oncePer(({ input }: AnyOperation) => findSinks(input as z.ZodType))

function findSinks(input: z.ZodType): ReadonlyMap<string, Sink> {
  if (!(input instanceof z.ZodObject)) return new Map()
  const fields = Object.entries(input.shape as Record<string, z.ZodType>)
  return new Map(
    fields.flatMap(([name, field]) => {
      const sink = sinkIn(field)
      return sink ? [[name, sink] as const] : []
    }),
  )
}

function sinkIn(schema: z.ZodType): Sink | undefined {
  const marked = schema.meta()?.['sink'] as Sink | undefined
  if (marked !== undefined) return marked
  return partsOf(schema)
    .map(sinkIn)
    .find((sink) => sink !== undefined)
}

/** What a schema is made of: what it wraps, holds or chooses between. */
export function partsOf(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodObject) return Object.values(schema.shape as Record<string, z.ZodType>)
  const {
    innerType,
    element,
    in: before,
    options,
    valueType,
  } = schema.def as unknown as Record<string, unknown>
  const parts = [innerType, element, before, valueType, ...((options as unknown[]) ?? [])]
  return parts.filter((part): part is z.ZodType => part instanceof z.ZodType)
}
