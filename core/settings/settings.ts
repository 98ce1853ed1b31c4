import { z } from 'zod'
import { schemaOf } from '../operations/jsonSchema.ts'

/** What a company may choose of a plugin; every field has a usual value. A boolean one is a feature flag. */
export interface Settings<Fields extends SettingFields = SettingFields> {
  /** The plugin's name. */
  readonly domain: string
  readonly schema: z.ZodObject<Fields>
}

export type SettingFields = Readonly<Record<string, z.ZodDefault>>
export type SettingsOf<Chosen extends Settings> = Readonly<z.output<Chosen['schema']>>
export type SettingValue = boolean | number | string

const grammar = /^[a-z][a-zA-Z0-9]*$/
const types: ReadonlySet<unknown> = new Set(['boolean', 'integer', 'number', 'string'])

/** Throws at boot, with the reason, on a field that a form could not show or whose usual value does not fit. */
export function settings<Fields extends SettingFields>(
  domain: string,
  schema: z.ZodObject<Fields>,
): Settings<Fields> {
  for (const [name, field] of Object.entries<z.ZodType>(schema.shape)) checkField(`${domain}.${name}`, field)
  return Object.freeze({ domain, schema })
}

function checkField(name: string, field: z.ZodType): void {
  if (!grammar.test(name.slice(name.indexOf('.') + 1)))
    throw new Error(`The name of setting "${name}" must read like "staleDays".`)
  if (!(field instanceof z.ZodDefault)) throw new Error(`Setting "${name}" has no default.`)
  if (!types.has(schemaOf(field as z.ZodType, 'output')['type']))
    throw new Error(`Setting "${name}" must be a boolean, a number, a text or one of several texts.`)
  if (!choice(field).safeParse(usualValue(field)).success)
    throw new Error(`The default of setting "${name}" does not fit its own schema.`)
}

/** What a chosen value has to be. */
export const choice = (field: z.ZodDefault): z.ZodType => field.unwrap() as z.ZodType
export const usualValue = (field: z.ZodDefault): SettingValue => field.parse(undefined) as SettingValue
