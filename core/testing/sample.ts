import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { z } from 'zod'
import type { IncomingFile } from '../operations/file.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { schemaOf, type JsonSchema } from '../operations/jsonSchema.ts'

/** Finds the id of a thing that the tenant has: `crm.contacts` → an id, or nothing when there is none. */
export type FindId = (resource: string) => Promise<string | undefined>

export interface SampleChoice {
  readonly findId: FindId
  /** Whether optional fields are filled too. */
  readonly fields: 'required' | 'all'
  /** Where chance comes from, between 0 and 1; the same numbers make the same input. */
  readonly random?: () => number
}

/** An input that the operation's own schema accepts, made from that schema and its meta alone. */
export async function sampleInput(
  operation: AnyOperation,
  choice: SampleChoice,
): Promise<Record<string, unknown>> {
  const schema = schemaOf(operation.input as z.ZodType, 'input')
  return (await sample(schema, choice, [])) as Record<string, unknown>
}

const samplesOfKind: Readonly<Record<string, (random: () => number) => unknown>> = {
  personName: (random) => `Bente ${word(random)}`,
  companyName: (random) => `${word(random)} ApS`,
  email: address,
  phone: () => '+4520123456',
  cvr: () => '13748136',
  tag: (random) => word(random).toLowerCase(),
  money: () => 1_250_000,
  text: word,
  file: csvFile,
}

const samplesOfFormat: Readonly<Record<string, (random: () => number) => unknown>> = {
  uuid: () => randomUUID(),
  email: address,
  date: () => '2026-03-03',
  'date-time': () => '2026-03-03T09:00:00Z',
  uri: () => 'https://havneby.example',
}

async function sample(schema: JsonSchema, choice: SampleChoice, path: readonly string[]): Promise<unknown> {
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['examples'])) return exampleOf(schema['examples'], path)
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  const variants = (schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf']) as JsonSchema[] | undefined
  if (variants)
    return sample(variants.find((variant) => variant['type'] !== 'null') ?? variants[0]!, choice, path)
  if (typeof schema['refers'] === 'string' && schema['type'] === 'string')
    return (await choice.findId(schema['refers'])) ?? randomUUID()
  switch (schema['type']) {
    case 'object':
      return sampleObject(schema, choice, path)
    case 'array':
      return sampleArray(schema, choice, path)
    case 'string':
      return sampleText(schema, choice.random ?? Math.random, path)
    case 'integer':
    case 'number':
      return sampleNumber(schema)
    case 'boolean':
      return false
    default:
      return null
  }
}

/** The items of a list take the examples in turn, so that what must differ does. */
function exampleOf(examples: readonly unknown[], path: readonly string[]): unknown {
  const place = Number(path.findLast((part) => /^\d+$/.test(part)) ?? 0)
  return examples[place % examples.length]
}

/** Fields that steer a list or guard a change; filling them with anything would only narrow what is tried. */
const leftOut = new Set(['cursor', 'version', 'limit'])

async function sampleObject(schema: JsonSchema, choice: SampleChoice, path: readonly string[]) {
  const required = new Set(schema['required'] as string[] | undefined)
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)
  const made: Record<string, unknown> = {}
  for (const [name, property] of properties) {
    const left = choice.fields === 'required' || leftOut.has(name) || property['secret'] === true
    if (!required.has(name) && left) continue
    const value = await sample({ ...property, ...metaOf(property) }, choice, [...path, name])
    if (value !== undefined) made[name] = value
  }
  return made
}

const metaOf = (schema: JsonSchema): JsonSchema => {
  const variants = (schema['anyOf'] ?? []) as JsonSchema[]
  return Object.assign({}, ...variants.map(({ refers, kind }) => ({ ...(refers ? { refers } : {}), ...(kind ? { kind } : {}) }))) // prettier-ignore
}

async function sampleArray(schema: JsonSchema, choice: SampleChoice, path: readonly string[]) {
  const least = Math.max(1, Number(schema['minItems'] ?? 0))
  const items = {
    ...(schema['items'] as JsonSchema),
    ...(schema['refers'] ? { refers: schema['refers'] } : {}),
  }
  const made = await Promise.all(
    Array.from({ length: least }, (_, place) => sample(items, choice, [...path, String(place)])),
  )
  return made.filter((item) => item !== undefined)
}

function sampleText(schema: JsonSchema, random: () => number, path: readonly string[]): unknown {
  if (schema['format'] === 'date-time' && schema['tense'] === 'future') return '2099-03-03T09:00:00Z'
  const of = samplesOfKind[String(schema['kind'])] ?? samplesOfFormat[String(schema['format'])]
  if (of) return of(random)
  if (typeof schema['pattern'] === 'string') return matching(schema['pattern'], random)
  const length = Number(schema['minLength'] ?? 1)
  return `${path.at(-1) ?? 'text'} ${word(random)}`
    .padEnd(length, 'x')
    .slice(0, Number(schema['maxLength'] ?? 200))
}

function matching(pattern: string, random: () => number): string {
  const text = fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' })
  return fc.sample(text, { seed: Math.floor(random() * 1e9), numRuns: 1 })[0]!
}

function sampleNumber(schema: JsonSchema): number {
  const least = Number(schema['minimum'] ?? schema['exclusiveMinimum'] ?? 0)
  return Math.max(1, Math.ceil(least) + (schema['exclusiveMinimum'] === undefined ? 0 : 1))
}

/** A small CSV, as a surface hands it over. */
function csvFile(): IncomingFile {
  const content = Buffer.from('Navn;E-mail\nBente Skov;bente.skov@havneby.example\n')
  return {
    name: 'kontakter.csv',
    mediaType: 'text/csv',
    size: content.length,
    stream: async function* () {
      yield content
    },
  }
}

function letters(random: () => number): string {
  return random().toString(36).slice(2, 8).padEnd(6, 'x')
}

function address(random: () => number): string {
  return `bente.${letters(random)}@havneby.example`
}

function word(random: () => number): string {
  return `Prøve${letters(random)}`
}
