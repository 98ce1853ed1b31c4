import { inputSchema, oncePer, type AnyOperation, type JsonSchema } from '#core'

/** The lists in which the things are found that an operation cannot do without; its optional ones can be searched for. */
export function listersFor(operation: AnyOperation, among: readonly AnyOperation[]): AnyOperation[] {
  return listsNeeded(operation).flatMap((name) => byName(among).get(name) ?? [])
}

/** The operations of a list by their names, which are looked up for one list again and again. */
export const byName = oncePer(
  (among: readonly AnyOperation[]): ReadonlyMap<string, AnyOperation> =>
    new Map(among.map((operation) => [operation.name, operation])),
)

const listsNeeded = oncePer((operation: AnyOperation) =>
  requiredKinds(operation).map((kind) => `${kind}.list`),
)

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
