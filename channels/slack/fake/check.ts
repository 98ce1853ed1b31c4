import type { ArgumentDefinition, MethodDefinition } from './methods/definitions.ts'
import { refuse, refuseArguments } from './refusal.ts'
import type { Fields } from './state.ts'

/** What any method takes: who calls, and for which workspace of an organisation. */
const everywhere = new Set(['token', 'team_id', 'client_context_team_id'])

/** Slack's own codes for an argument that is not what it has to be; `invalid_arguments` for the rest. */
const codeOfFault: Readonly<Record<string, string>> = {
  attachments: 'invalid_attachments',
  blocks: 'invalid_blocks_format',
  chunks: 'invalid_chunks',
  metadata: 'invalid_metadata_format',
  unfurls: 'invalid_unfurls_format',
}

/**
 * Arguments as a method's handler takes them: texts of a form made what the documentation says that they are.
 * An argument that Slack does not know is refused here, where Slack itself may let it pass: it is a mistake of the caller.
 */
export function checkArguments(method: MethodDefinition, sent: Fields): Fields {
  const faults = [
    ...Object.keys(sent)
      .filter((name) => !everywhere.has(name) && !method.args[name])
      .map((name) => `unsupported field: ${name}`),
    ...method.required
      .filter((name) => sent[name] === undefined)
      .map((name) => `missing required field: ${name}`),
  ]
  if (faults.length > 0) refuseArguments(faults)
  const known = Object.entries(sent).filter(([, value]) => value !== null)
  return Object.fromEntries(
    known.map(([name, value]) => [name, checked(name, value, method.args[name] ?? {})]),
  )
}

function checked(name: string, value: unknown, definition: ArgumentDefinition): unknown {
  const read = readers[definition.type ?? 'string'] ?? readers['string']!
  const meant = read(value)
  const fault = meant === undefined ? `must be ${article(definition.type)}` : faultOf(meant, definition)
  if (!fault) return meant
  if (name === 'markdown_text') return refuse('msg_too_long')
  if (name === 'status') return refuse('invalid_status')
  return refuseArguments([`${fault} [json-pointer:/${name}]`], codeOfFault[name])
}

const readers: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: (value) => (typeof value === 'object' ? undefined : String(value)),
  boolean: (value) => ({ true: true, false: false, 1: true, 0: false })[String(value)],
  integer: (value) => (/^-?\d+$/.test(String(value)) ? Number(value) : undefined),
  number: (value) => (Number.isFinite(Number(value)) ? Number(value) : undefined),
  array: (value) => (Array.isArray(parsed(value)) ? parsed(value) : undefined),
  object: (value) => (isObject(parsed(value)) ? parsed(value) : undefined),
}

/** Lists and objects come as JSON in a form, and as themselves in a JSON body. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function faultOf(value: unknown, definition: ArgumentDefinition): string | undefined {
  if (typeof value === 'number') return faultOfNumber(value, definition)
  if (Array.isArray(value)) return faultOfList(value, definition)
  if (typeof value !== 'string') return undefined
  if (definition.maxLength !== undefined && value.length > definition.maxLength)
    return `must be less than ${definition.maxLength + 1} characters`
  if (definition.enum && !definition.enum.includes(value))
    return `must be one of: ${definition.enum.join(', ')}`
  return undefined
}

function faultOfNumber(value: number, { minimum = -Infinity, maximum = Infinity }: ArgumentDefinition) {
  if (value < minimum) return `must be at least ${minimum}`
  return value > maximum ? `must be at most ${maximum}` : undefined
}

function faultOfList(value: readonly unknown[], definition: ArgumentDefinition): string | undefined {
  const { minItems = 0, maxItems = Infinity, items } = definition
  if (value.length < minItems) return `no fewer than ${minItems} items required`
  if (value.length > maxItems) return `no more than ${maxItems} items allowed`
  const longest = items?.maxLength ?? Infinity
  return value.some((item) => typeof item === 'string' && item.length > longest)
    ? `must be less than ${longest + 1} characters`
    : undefined
}

const article = (type = 'string'): string => (/^[aio]/.test(type) ? `an ${type}` : `a ${type}`)
