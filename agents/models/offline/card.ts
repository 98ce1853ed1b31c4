import type { Locale, Words } from '#core'

/** The part of JSON Schema that inputs and outputs are described with, and our own keywords for reading from text. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly examples?: readonly unknown[]
  readonly const?: unknown
  /** The resource that an id points to: `crm.contacts`. */
  readonly refers?: string
  /** What a text is the name or value of: `personName`, `companyName`, `money`, `stage`, … */
  readonly kind?: string
  /** Which way a bare duration goes: "over a month" is back, "two weeks" is ahead. */
  readonly tense?: 'past' | 'future'
  /** What is meant by who says nothing of it: open tasks, where finished ones are not asked for. */
  readonly assumed?: unknown
  /** The field takes the rest of the sentence. */
  readonly free?: boolean
  readonly [keyword: string]: unknown
}

/** All that the offline model knows about one operation. */
export interface OperationCard {
  /** `crm.deals.move`; its tool name is `crm_deals_move`. */
  readonly name: string
  readonly effect: 'read' | 'write' | 'send' | 'destroy'
  readonly input: JsonSchema
  readonly output: JsonSchema
  readonly words: Readonly<Record<Locale, Words>>
}

export const toolOf = (operation: string): string => operation.replaceAll('.', '_')
export const resourceOf = (operation: string): string => operation.split('.').slice(0, 2).join('.')
export const verbOf = (operation: string): string => operation.split('.').at(-1) as string

/** The schema without the `null` alternative that "may be missing" brings; keywords of the outer schema stay. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const choices = (schema.anyOf ?? schema.oneOf)?.filter((choice) => choice.type !== 'null')
  if (choices?.length !== 1) return schema
  const { anyOf: _any, oneOf: _one, ...outer } = schema
  return { ...withoutNull(choices[0] as JsonSchema), ...outer }
}
