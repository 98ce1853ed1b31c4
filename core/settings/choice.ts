import { z } from 'zod'
import type { Locale } from '../language.ts'
import { parseInput } from '../operations/input.ts'
import { schemaOf } from '../operations/jsonSchema.ts'
import { choice, type SettingValue } from './settings.ts'

export const Value = z.union([z.string().max(2_000), z.number(), z.boolean()])

interface Named {
  readonly title: string
  readonly valueNames: Readonly<Record<string, string>> | null
}

const yes = new Set(['true', 'ja', 'yes', 'til', 'on'])
const no = new Set(['false', 'nej', 'no', 'fra', 'off'])

/** What somebody chose, as the setting holds it; refuses what does not fit with a sentence that names the setting. */
export function readChoice(
  field: z.ZodDefault,
  given: SettingValue,
  { title, valueNames }: Named,
  locale: Locale,
): SettingValue {
  const schema = choice(field)
  const value = typeof given === 'string' ? meantBy(given, schema, valueNames ?? {}) : given
  const input = z.strictObject({ [title]: schema })
  return parseInput({ input }, { [title]: value }, locale)[title] as SettingValue
}

/** Who speaks instead of ticking a box sends text: "14", "ja", or what people call a value. */
function meantBy(text: string, schema: z.ZodType, names: Readonly<Record<string, string>>): SettingValue {
  const said = text.trim().toLowerCase()
  const { type } = schemaOf(schema, 'output')
  if (type === 'boolean') return yes.has(said) || (no.has(said) ? false : text)
  if (type === 'string')
    return Object.entries(names).find(([, name]) => name.toLowerCase() === said)?.[0] ?? text
  const number = Number(said.replace(',', '.'))
  return said === '' || Number.isNaN(number) ? text : number
}
