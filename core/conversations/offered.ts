import { z } from 'zod'
import type { Caller } from '../operations/caller.ts'
import { isOn } from '../operations/domain.ts'
import type { AnyOperation } from '../operations/operation.ts'

/**
 * What may be offered to an agent for this person: what the person may do, without what is for people alone, what takes or gives a file
 * and without what takes or gives a secret, which must reach neither a model nor a kept message.
 */
export function offeredOperations(
  operations: readonly AnyOperation[],
  caller: Pick<Caller, 'permissions' | 'domains' | 'rules'>,
) {
  const { permissions, rules } = caller
  return operations.filter(
    (operation) =>
      !operation.personOnly &&
      permissions.has(operation.permission) &&
      rules?.denies(operation) !== true &&
      isOn(operation, caller) &&
      fitsConversation(operation),
  )
}

const known = new WeakMap<AnyOperation, boolean>()

function fitsConversation(operation: AnyOperation): boolean {
  let fits = known.get(operation)
  if (fits === undefined) known.set(operation, (fits = !holds(operation.input) && !holds(operation.output)))
  return fits
}

/** Whether a schema, or a field of it, is marked as a file or a secret. */
function holds(schema: z.ZodType): boolean {
  const inner = unwrapped(schema)
  if ([schema, inner].some(isMarked)) return true
  if (inner instanceof z.ZodObject)
    return Object.values(inner.shape).some((field) => holds(field as z.ZodType))
  return inner instanceof z.ZodArray ? holds(inner.element as z.ZodType) : false
}

function isMarked(schema: z.ZodType): boolean {
  const meta = schema.meta()
  return meta?.['kind'] === 'file' || meta?.['secret'] === true
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const { innerType } = schema.def as { innerType?: z.ZodType }
  return innerType === undefined ? schema : unwrapped(innerType)
}
