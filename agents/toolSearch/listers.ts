import { inputSchema, type AnyOperation, type JsonSchema } from '#core'

const known = new WeakMap<AnyOperation, readonly string[]>()

/** The lists in which the things are found that an operation cannot do without; its optional ones can be searched for. */
export function listersFor(operation: AnyOperation, among: readonly AnyOperation[]): AnyOperation[] {
  const needed = listsNeeded(operation)
  return needed.length === 0 ? [] : among.filter(({ name }) => needed.includes(name))
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
