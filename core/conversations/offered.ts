import { z } from 'zod'
import { oncePer } from '../oncePer.ts'
import type { Caller } from '../operations/caller.ts'
import { isOn } from '../operations/domain.ts'
import type { AnyOperation } from '../operations/operation.ts'

/**
 * What may be offered to an agent for this person: what the person may do, without what is for people alone, what takes or gives a file
 * and without what takes or gives a secret, which must reach neither a model nor a kept message.
 */
export function offeredOperations(operations: readonly AnyOperation[], caller: Rights) {
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

type Rights = Pick<Caller, 'permissions' | 'domains' | 'rules'>

interface Offer {
  readonly permissions: Rights['permissions']
  readonly rules: Rights['rules'] | undefined
  readonly operations: readonly AnyOperation[]
  readonly brought: readonly AnyOperation[]
  readonly offered: readonly AnyOperation[]
}

/** Lists that were offered lately to anybody. */
const mostLists = 32
const lists: (readonly AnyOperation[])[] = []

/** People who may do the same are offered the very same list, so that what is worked out for one of them serves all. */
function sharedList(fresh: readonly AnyOperation[]): readonly AnyOperation[] {
  const same = lists.find((list) => isSameList(list, fresh))
  if (same) return same
  if (lists.push(fresh) > mostLists) lists.shift()
  return fresh
}

const isSameList = (one: readonly AnyOperation[], other: readonly AnyOperation[]): boolean =>
  one.length === other.length && one.every((operation, place) => operation === other[place])

/** What was offered last to somebody: a person's domains are their own, where permissions are those of everybody in a role. */
const last = new WeakMap<Rights['domains'], Offer>()

/**
 * The same for a turn, of everybody's operations and those that the company brings: while nothing has changed it is the very
 * list of the turn before, so that what is worked out for a list is worked out once.
 */
export function offeredInTurn(
  operations: readonly AnyOperation[],
  brought: readonly AnyOperation[],
  rights: Rights,
): readonly AnyOperation[] {
  const { permissions, domains, rules } = rights
  const before = last.get(domains)
  const isSame =
    before?.operations === operations &&
    before.brought === brought &&
    before.permissions === permissions &&
    before.rules === rules
  if (isSame) return before.offered
  const offered = sharedList(offeredOperations([...operations, ...brought], rights))
  last.set(domains, { operations, brought, permissions, rules, offered })
  return offered
}

const fitsConversation = oncePer(({ input, output }: AnyOperation) => !holds(input) && !holds(output))

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
