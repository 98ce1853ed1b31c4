import type { Request, VendorRefusal } from './vendorServer.ts'

/** What Gemini refuses of a request, in its own words (read from its answers). */
export function geminiRefuses({ contents = [], tools = [] }: Request): VendorRefusal | undefined {
  const declared = (tools as Tool[]).flatMap(({ functionDeclarations = [] }) => functionDeclarations)
  if (declared.length > 128) return invalid('The number of function declarations must not exceed 128.')
  const faults = declared.flatMap(({ name, parameters }, index) =>
    parameters
      ? [...schemaFaults(parameters, `tools[0].function_declarations[${index}].parameters`, name)]
      : [],
  )
  const [fault] = faults
  return fault === undefined ? orderFault(contents) : invalid(fault)
}

interface Tool {
  readonly functionDeclarations?: readonly { readonly name: string; readonly parameters?: Schema }[]
}

type Schema = Readonly<Record<string, unknown>>

interface Content {
  readonly role: string
  readonly parts: readonly { readonly functionCall?: object; readonly functionResponse?: object }[]
}

/** The fields of the API's `Schema`: it knows no others, and of formats only these for texts. */
const known = new Set(['type', 'format', 'title', 'description', 'nullable', 'default', 'items', 'minItems', 'maxItems', 'enum', 'properties', 'propertyOrdering', 'required', 'minProperties', 'maxProperties', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'example', 'anyOf']) // prettier-ignore
const textFormats = new Set(['enum', 'date-time'])

function* schemaFaults(schema: Schema, at: string, name: string): Generator<string> {
  for (const key of Object.keys(schema))
    if (!known.has(key))
      yield `Invalid JSON payload received. Unknown name "${key}" at '${at}': Cannot find field.`
  const { type, format, properties, items, anyOf } = schema as {
    readonly type?: unknown
    readonly format?: string
    readonly properties?: Readonly<Record<string, Schema>>
    readonly items?: Schema
    readonly anyOf?: readonly Schema[]
  }
  const kind = String(type ?? '').toLowerCase()
  if (kind === 'string' && format !== undefined && !textFormats.has(format))
    yield `* GenerateContentRequest.tools[0].function_declarations[0].parameters.properties[${name}].format: only 'enum' and 'date-time' are supported for STRING type`
  if (kind === 'object' && Object.keys(properties ?? {}).length === 0)
    yield `* GenerateContentRequest.${at}.properties: should be non-empty for OBJECT type`
  if (kind === 'array' && items === undefined) yield `* GenerateContentRequest.${at}.items: missing field.`
  for (const value of (schema['enum'] ?? []) as unknown[])
    if (typeof value !== 'string' || value === '')
      yield `* GenerateContentRequest.${at}.enum[0]: cannot be empty`
  for (const [field, inner] of Object.entries(properties ?? {}))
    yield* schemaFaults(inner, `${at}.properties[${field}]`, field)
  if (items) yield* schemaFaults(items, `${at}.items`, name)
  for (const inner of anyOf ?? []) yield* schemaFaults(inner, `${at}.any_of`, name)
}

/** Calls come after a person's turn or after results, and each is answered in the next turn. */
function orderFault(contents: readonly Content[]): VendorRefusal | undefined {
  const [first] = contents
  if (!first) return invalid('* GenerateContentRequest.contents: contents is not specified')
  if (first.role !== 'user')
    return invalid(
      'Please ensure that multiturn requests alternate between user and model, and begin with a user turn.',
    )
  for (const [index, content] of contents.entries()) {
    const calls = count(content, 'functionCall')
    if (calls === 0) continue
    if (index === 0 || contents[index - 1]!.role === 'model')
      return invalid(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      )
    if (responsesAfter(contents, index) !== calls)
      return invalid('Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.') // prettier-ignore
  }
  return undefined
}

/** LangChain sends each result as a content of its own; Gemini joins those of one role. */
function responsesAfter(contents: readonly Content[], index: number): number {
  const rest = contents.slice(index + 1)
  const until = rest.findIndex(({ role }) => role === 'model')
  return rest
    .slice(0, until < 0 ? undefined : until)
    .reduce((sum, each) => sum + count(each, 'functionResponse'), 0)
}

const count = ({ parts }: Content, kind: 'functionCall' | 'functionResponse'): number =>
  parts.filter((part) => part[kind] !== undefined).length

const invalid = (message: string): VendorRefusal => geminiRefusal(400, 'INVALID_ARGUMENT', message)

export const geminiRefusal = (
  code: number,
  status: string,
  message: string,
  details?: readonly object[],
): VendorRefusal => ({
  status: code,
  body: JSON.stringify({ error: { code, message, status, ...(details && { details }) } }),
})
