import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { JsonSchema } from '#core'

/** What agents are told of a tool: the server's own words, cut, and the part of its schema that can do no harm. */
export interface Definition {
  readonly title: string
  readonly description: string
  readonly schema: JsonSchema
}

/** A tool as a server offers it. */
export interface OfferedTool {
  readonly name: string
  readonly verb: string
  readonly definition: Definition
  /** SHA-256 of all that the server says of it, also of what agents are not told. */
  readonly hash: string
  /** False where its schema is more than agents are shown. */
  readonly isUsable: boolean
}

/** What a server may say of a tool: characters, levels, fields. */
const most = {
  title: 80,
  description: 600,
  fieldDescription: 200,
  schema: 16_000,
  levels: 6,
  fields: 64,
  choices: 50,
}

const toolNames = /^[\w./:-]{1,128}$/
const fieldNames = /^[A-Za-z][\w.-]{0,63}$/

/** Reads what a server lists. A tool whose name no protocol knows is left out. */
export function readTools(listed: readonly unknown[]): OfferedTool[] {
  const taken = new Set<string>()
  return listed.flatMap((raw) => {
    const name = isRecord(raw) ? raw['name'] : undefined
    if (!isRecord(raw) || typeof name !== 'string' || !toolNames.test(name)) return []
    return [readTool(raw, name, taken)]
  })
}

function readTool(raw: Record<string, unknown>, name: string, taken: Set<string>): OfferedTool {
  const said = [
    name,
    ...['title', 'description', 'inputSchema', 'outputSchema', 'annotations'].map((part) => raw[part]),
  ]
  const schema = tamedInput(raw['inputSchema'])
  const definition = {
    title: oneLine(raw['title'], most.title) || oneLine(name, most.title),
    description: oneLine(raw['description'], most.description),
    schema: schema ?? { type: 'object' },
  }
  const isUsable = schema !== undefined && isReadable(schema)
  return { name, verb: freeVerb(name, taken), definition, hash: hashOf(said), isUsable }
}

/** The name as a part of an operation's name: `get_forecast` → `getForecast`. */
function freeVerb(name: string, taken: Set<string>): string {
  const camel = name.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string = '') => next.toUpperCase())
  const verb = `${camel.charAt(0).toLowerCase()}${camel.slice(1)}`.replace(/^[^a-z]*/, '').slice(0, 24)
  const free = verb !== '' && !taken.has(verb) ? verb : `${verb || 'tool'}${hashOf(name).slice(0, 6)}`
  taken.add(free)
  return free
}

/** Plain text on one line; what could end a quotation or pass for markup is taken out. */
export function oneLine(value: unknown, longest: number): string {
  const text = typeof value === 'string' ? value.slice(0, longest * 4).toWellFormed() : ''
  const plain = text.replace(/[\p{C}\p{Z}]+/gu, ' ').replace(/[{}<>«»'"`#|]/g, '').trim() // prettier-ignore
  return plain.length > longest ? `${plain.slice(0, longest).toWellFormed()}…` : plain
}

/** Every field leaves the company, so every one is shown whole before an agent sends it, and held fast by "always". */
export function inputOf({ properties = {}, required = [] }: JsonSchema): z.ZodType {
  const needed = required as readonly string[]
  const fields = Object.entries(properties as Record<string, JsonSchema>).map(([name, part]) => {
    const { description } = part
    const said = typeof description === 'string' && { description }
    const field = z.fromJSONSchema(part as never).meta({ ...said, sink: 'channel', kind: 'json' })
    return [name, needed.includes(name) ? field : field.optional()] as const
  })
  return z.strictObject(Object.fromEntries(fields))
}

function isReadable(schema: JsonSchema): boolean {
  try {
    return inputOf(schema) !== undefined
  } catch {
    return false
  }
}

function tamedInput(schema: unknown): JsonSchema | undefined {
  if (schema === undefined) return { type: 'object', properties: {} }
  if (!isRecord(schema) || (schema['type'] ?? 'object') !== 'object') return undefined
  const names = Object.keys(isRecord(schema['properties']) ? schema['properties'] : {})
  if (names.length > most.fields || !names.every((name) => fieldNames.test(name))) return undefined
  const tamed = { ...tame(schema, 0), type: 'object' }
  return JSON.stringify(tamed).length > most.schema ? undefined : tamed
}

const types = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])

/**
 * What agents and our own check need of JSON Schema: no pattern (its search could take for ever), no reference, no
 * default, no format; what is nested too deep is left open, and the server says what it makes of it.
 */
function tame(schema: unknown, level: number): JsonSchema {
  if (!isRecord(schema) || level > most.levels) return {}
  const { type, properties, required, items, anyOf = schema['oneOf'] } = schema
  const description = oneLine(schema['description'], most.fieldDescription)
  const fields = isRecord(properties)
    ? Object.entries(properties).filter(([name]) => fieldNames.test(name))
    : []
  const values = choices(schema)
  return {
    ...(typeof type === 'string' && types.has(type) && { type }),
    ...(description !== '' && { description }),
    ...(values && { enum: values }),
    ...(fields.length > 0 && { properties: Object.fromEntries(fields.map(([name, part]) => [name, tame(part, level + 1)])) }), // prettier-ignore
    ...(Array.isArray(required) && { required: fields.map(([name]) => name).filter((name) => required.includes(name)) }), // prettier-ignore
    ...(type === 'array' && { items: tame(items, level + 1) }),
    ...(Array.isArray(anyOf) && anyOf.length > 0 && anyOf.length <= 8 && { anyOf: anyOf.map((part) => tame(part, level + 1)) }), // prettier-ignore
  }
}

function choices(schema: Record<string, unknown>): readonly string[] | undefined {
  const values = 'const' in schema ? [schema['const']] : schema['enum']
  if (!Array.isArray(values) || values.length === 0 || values.length > most.choices) return undefined
  return values.every((value) => typeof value === 'string' && value.length <= 100 && value.isWellFormed())
    ? (values as string[])
    : undefined
}

const hashOf = (value: unknown): string => createHash('sha256').update(ordered(value)).digest('hex')

/** JSON with the names of every object in order, so that only what is said counts. Deeper than any schema is cut. */
function ordered(value: unknown): string {
  const sorted = (part: unknown, level: number): unknown => {
    if (level > 40) return '…'
    if (Array.isArray(part)) return part.map((each) => sorted(each, level + 1))
    if (!isRecord(part)) return part
    const names = Object.keys(part).toSorted()
    return names.map((name) => [name, sorted(part[name], level + 1)])
  }
  return JSON.stringify(sorted(value, 0)) ?? ''
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
