import { inputSchema, type AnyOperation, type JsonSchema } from '#core'

const known = new WeakMap<AnyOperation, readonly string[]>()

/** The lists in which the things are found that an operation cannot do without; its optional ones can be searched for. */
export function listersFor(operation: AnyOperation, among: readonly AnyOperation[]): AnyOperation[] {
  return listsNeeded(operation).flatMap((name) => byName(among).get(name) ?? [])
}

const named = new WeakMap<readonly AnyOperation[], ReadonlyMap<string, AnyOperation>>()

/** The operations of a list by their names, which are looked up for one list again and again. */
export function byName(among: readonly AnyOperation[]): ReadonlyMap<string, AnyOperation> {
  const map = named.get(among) ?? new Map(among.map((operation) => [operation.name as string, operation]))
  named.set(among, map)
  return map
}

function listsNeeded(operation: AnyOperation): readonly string[] {
  const needed = known.get(operation) ?? requiredKinds(operation).map((kind) => `${kind}.list`)
  known.set(operation, needed)
  return needed
}

function requiredKinds(operation: AnyOperation): string[] {
  const { properties = {}, required = [] } = inputSchema(operation) as {
    properties?: Readonly<Record<string, JsonSchema>>
    required?: readonly string[]
  }
  return required.flatMap((name) => {
    const schema = properties[name] ?? {}
    const refers = schema['refers'] ?? (schema['items'] as JsonSchema | undefined)?.['refers']
    return typeof refers === 'string' ? [refers] : []
  })
}
