import type { z } from 'zod'
import { Fault } from '../../errors.ts'
import type { Caller } from '../../operations/caller.ts'
import type { Invoke } from '../../operations/invoke.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import type { Registry } from '../../operations/registry.ts'
import { plainText } from '../plainText.ts'
import { fieldsOf, metaOf } from './schema.ts'

export type Item = Readonly<Record<string, unknown>>

export interface Reading {
  readonly registry: Registry
  readonly invoke: Invoke
}

/** The asker as they look something up beside their call: what names the call is not of the look. */
export function reader(caller: Caller): Caller {
  const { idempotencyKey, approval, ...rest } = caller
  return idempotencyKey === undefined && approval === undefined ? caller : rest
}

/** One thing as its resource's own read shows it to the asker; nothing when it is not there for them. */
export async function readItem(
  { registry, invoke }: Reading,
  resource: string,
  id: unknown,
  caller: Caller,
): Promise<{ item: Item; operation: AnyOperation } | undefined> {
  const operation = registry.find(`${resource}.get`)
  if (operation?.effect !== 'read' || typeof id !== 'string') return undefined
  try {
    return { item: (await invoke(operation, { id }, caller)).value as Item, operation }
  } catch (error) {
    if (error instanceof Fault && error.status < 500) return undefined
    throw error
  }
}

/** What people call a thing. */
export function nameOf(item: Item): string | undefined {
  const name = ['label', 'name', 'title', 'subject', 'email'].map((field) => item[field])
  const found = name.find((value) => typeof value === 'string' && value !== '')
  return found === undefined ? undefined : plainText(String(found))
}

/** Most names that are looked up for one card; a longer list shows its ids. */
const mostNames = 25

/** The names of everything that the input refers to, as "crm.contacts 0197…" → "Peter Holm". */
export async function namesIn(
  reading: Reading,
  operation: AnyOperation,
  input: Item,
  caller: Caller,
): Promise<ReadonlyMap<string, string>> {
  const wanted = fieldsOf(operation.input as z.ZodType).flatMap(([name, schema]) => {
    const { refers } = metaOf(schema)
    return typeof refers === 'string' ? [input[name]].flat().map((id) => [refers, id] as const) : []
  })
  const names = new Map<string, string>()
  for (const [resource, id] of wanted.slice(0, mostNames)) {
    const found = await readItem(reading, resource, id, caller)
    const name = found && nameOf(found.item)
    if (name !== undefined) names.set(`${resource} ${String(id)}`, name)
  }
  return names
}
