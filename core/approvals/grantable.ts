import { canonicalJson } from '../operations/canonical.ts'
import type { AskedCall } from '../operations/approval.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { sinksOf } from './sinks.ts'

export type Pinned = Readonly<Record<string, unknown>>

/**
 * What "always allow this" would hold fast of a call: everything that says where something goes, else the thing itself;
 * where there is neither, it is not to be had. Nor is it for what cannot be undone, or in an untrusted conversation where
 * no field says where it goes: there an outsider could fill in the rest.
 */
export function pinsOf({ operation, input, caller }: AskedCall): Pinned | null {
  const given = input as Pinned
  const sinks = [...sinksOf(operation).keys()].filter((name) => given[name] !== undefined)
  if (operation.effect === 'destroy' || caller.actor.kind !== 'agent') return null
  if (sinks.length === 0 && caller.untrusted) return null
  const fields = sinks.length > 0 ? sinks : 'id' in given ? ['id'] : []
  const pinned = Object.fromEntries(fields.map((name) => [name, given[name]]))
  return fields.length > 0 && canonicalJson(pinned).length <= longest ? pinned : null
}

const longest = 4_000

/** Whether a call is what was allowed: the same in all that is held fast, and going nowhere else. */
export function isGranted({ operation, input, caller }: AskedCall, pinned: Pinned): boolean {
  const sinks = [...sinksOf(operation).keys()]
  if (caller.untrusted && sinks.length === 0) return false
  const held = new Set([...sinks, ...Object.keys(pinned)])
  return [...held].every((name) => same((input as Pinned)[name], pinned[name]))
}

const same = (one: unknown, other: unknown): boolean => canonicalJson([one]) === canonicalJson([other])

/** Kinds of operations that are never always allowed, whatever was pinned. */
export const isGrantable = ({ effect }: AnyOperation): boolean => effect === 'write' || effect === 'send'
