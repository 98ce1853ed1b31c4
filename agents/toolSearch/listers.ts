import { inputSchema, type AnyOperation, type JsonSchema } from '#core'

const known = new WeakMap<AnyOperation, readonly string[]>()

/** The lists in which the things are found that an operation cannot do without; its optional ones can be searched for. */
export function listersFor(operation: AnyOperation, among: readonly AnyOperation[]): AnyOperation[] {
  let needed = known.get(operation)
  if (!needed) known.set(operation, (needed = requiredKinds(operation).map((kind) => `${kind}.list`)))
  return among.filter(({ name }) => needed.includes(name))
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
