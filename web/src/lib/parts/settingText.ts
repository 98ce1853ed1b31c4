import type { Setting, SettingValue } from '#lib/api/types.ts'
import { amountText, parseAmount } from '#lib/messages/amount.ts'

/** A value as it stands in the field of a form. */
export function textOf({ schema }: Pick<Setting, 'schema'>, value: SettingValue): string {
  return schema.kind === 'money' ? amountText(Number(value)) : String(value)
}

/** What the field says; a text that is no number stays one, and the server says what is wrong with it. */
export function valueOf({ schema }: Pick<Setting, 'schema'>, text: string): SettingValue {
  if (schema.kind === 'money') return parseAmount(text) ?? text
  if (schema.type !== 'integer' && schema.type !== 'number') return text.trim()
  const number = Number(text.trim().replace(',', '.'))
  return text.trim() === '' || Number.isNaN(number) ? text : number
}
