type Lower = 'a'|'b'|'c'|'d'|'e'|'f'|'g'|'h'|'i'|'j'|'k'|'l'|'m'|'n'|'o'|'p'|'q'|'r'|'s'|'t'|'u'|'v'|'w'|'x'|'y'|'z' // prettier-ignore
type Alphanumeric = Lower | Uppercase<Lower> | '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'
type AllAlphanumeric<Text extends string> = Text extends ''
  ? true
  : Text extends `${infer Head}${infer Tail}`
    ? Head extends Alphanumeric
      ? AllAlphanumeric<Tail>
      : false
    : false
type IsPart<Text extends string> = Text extends `${infer Head}${infer Tail}`
  ? Head extends Lower
    ? AllAlphanumeric<Tail>
    : false
  : false

/** `domain.resource.verb` when every part matches `[a-z][a-zA-Z0-9]*`, else `never`: a wrong name does not compile. */
export type OperationName<Name extends string> = string extends Name
  ? Name
  : Name extends `${infer Domain}.${infer Resource}.${infer Verb}`
    ? [IsPart<Domain>, IsPart<Resource>, IsPart<Verb>] extends [true, true, true]
      ? Name
      : never
    : never

const grammar = /^[a-z][a-zA-Z0-9]*\.[a-z][a-zA-Z0-9]*\.[a-z][a-zA-Z0-9]*$/

export interface NameParts {
  readonly domain: string
  readonly resource: string
  readonly verb: string
}

/** Splits a name into its parts; throws on a name outside the grammar, so that boot stops and says which. */
export function nameParts(name: string): NameParts {
  if (!grammar.test(name)) {
    throw new Error(
      `Operation name "${name}" must read domain.resource.verb, each part like "crm" or "listAll".`,
    )
  }
  const [domain, resource, verb] = name.split('.') as [string, string, string]
  return { domain, resource, verb }
}

/** `crm.deals.move` ↔ `crm_deals_move`: vendors refuse dots in tool names; no part can hold an underscore. */
export const toolName = (name: string): string => name.replaceAll('.', '_')
export const operationName = (tool: string): string => tool.replaceAll('_', '.')
