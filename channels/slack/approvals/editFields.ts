import type { types } from '@slack/bolt'
import { sentence, type Locale } from '#core'
import { plain } from '../blockKit.ts'
import { said } from './sentences.ts'

/** A field that may be changed, as `platform.approvals.form` answers it. */
export interface EditField {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'number' | 'money' | 'boolean' | 'day' | 'moment' | 'choice'
  readonly required: boolean
  readonly longest: number | null
  readonly values: readonly { readonly value: string; readonly label: string }[]
  readonly value: string | number | boolean | null
}

/** What was filled in: by block and action, as Slack's `state.values` has it. */
export type Answers = Readonly<Record<string, Readonly<Record<string, Filled>>>>

interface Filled {
  readonly value?: string | null
  readonly selected_date?: string | null
  readonly selected_date_time?: number | null
  readonly selected_option?: { readonly value: string } | null
  readonly selected_options?: readonly { readonly value: string }[]
}

/** Characters that a text of a modal takes, and options of a choice. */
const mostText = 3_000
const mostOptions = 100

/** Slack takes it whole: nothing is cut that would then be sent so. */
export const fits = ({ value, values }: EditField): boolean =>
  (typeof value !== 'string' || value.length <= mostText) && values.length <= mostOptions

type Element = types.InputBlock['element']

export const blockOf = (field: EditField, locale: Locale): types.InputBlock => ({
  type: 'input',
  block_id: field.name,
  label: plain(field.label, 2_000),
  optional: !field.required || field.type === 'boolean',
  element: elementOf(field, locale),
})

function elementOf(field: EditField, locale: Locale): Element {
  const { type, name, value } = field
  const action = { action_id: name }
  switch (type) {
    case 'number':
    case 'money':
      return { type: 'number_input', ...action, is_decimal_allowed: true, ...given('initial_value', numberText(field)) } // prettier-ignore
    case 'day':
      return { type: 'datepicker', ...action, ...given('initial_date', value as string | null) }
    case 'moment':
      return { type: 'datetimepicker', ...action, ...given('initial_date_time', secondsOf(value)) }
    case 'choice':
      return choice(field)
    case 'boolean':
      return checkbox(field, locale)
    default:
      return text(field)
  }
}

const given = <Key extends string, Value>(key: Key, value: Value | null) =>
  (value === null ? {} : { [key]: value }) as { [key in Key]?: Value }

function text({ name, value, longest }: EditField): Element {
  const asked = typeof value === 'string' ? value : ''
  return {
    type: 'plain_text_input',
    action_id: name,
    multiline: (longest ?? 0) > 300 || asked.length > 80 || /[\r\n]/.test(asked),
    ...(longest !== null && { max_length: Math.min(longest, mostText) }),
    ...(asked !== '' && { initial_value: asked }),
  }
}

function choice({ name, values, value }: EditField): Element {
  const options = values.map((each) => ({ text: plain(each.label || each.value), value: each.value }))
  const chosen = options.find((option) => option.value === value)
  return { type: 'static_select', action_id: name, options, ...(chosen && { initial_option: chosen }) }
}

function checkbox({ name, value }: EditField, locale: Locale): Element {
  const yes = { text: plain(sentence(said.yes, locale)), value: 'true' }
  return {
    type: 'checkboxes',
    action_id: name,
    options: [yes],
    ...(value === true && { initial_options: [yes] }),
  }
}

const numberText = ({ type, value }: EditField): string | null =>
  typeof value !== 'number' ? null : String(type === 'money' ? value / 100 : value)

const secondsOf = (value: EditField['value']): number | null =>
  typeof value === 'string' ? Math.floor(Date.parse(value) / 1000) : null

/** What was filled in otherwise than it was asked; what was not touched stays as it was asked, byte for byte. */
export function changesIn(fields: readonly EditField[], answers: Answers): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const filled = answers[field.name]?.[field.name]
      if (!filled) return []
      const [before, after] = [shownOf(field), filledIn(field, filled)]
      return after === before ? [] : [[field.name, valueOf(field, after)]]
    }),
  )
}

type Shown = string | number | boolean | null

/** The value as the modal shows it, to tell whether it was touched. */
function shownOf(field: EditField): Shown {
  const { type, value } = field
  if (type === 'moment') return secondsOf(value)
  if (type === 'boolean') return value === true
  if (type === 'number' || type === 'money') return numberText(field)
  return typeof value === 'string' ? textOf(value) : value
}

function filledIn({ type }: EditField, filled: Filled): Shown {
  if (type === 'day') return filled.selected_date ?? null
  if (type === 'moment') return filled.selected_date_time ?? null
  if (type === 'choice') return filled.selected_option?.value ?? null
  if (type === 'boolean') return (filled.selected_options ?? []).length > 0
  return textOf(filled.value ?? '')
}

/** What is in a text field: line ends are its own, whichever the text had (a mail's are CRLF); nothing is no text. */
const textOf = (text: string): string | null => text.replace(/\r\n?/g, '\n') || null

/** As the operation takes it. What is no number goes as it was written, and is refused as that. */
function valueOf({ type }: EditField, filled: Shown): unknown {
  if (type === 'moment' && typeof filled === 'number') return new Date(filled * 1000).toISOString()
  if ((type !== 'number' && type !== 'money') || typeof filled !== 'string') return filled
  const number = Number(filled.replace(',', '.'))
  if (Number.isNaN(number)) return filled
  return type === 'money' ? Math.round(number * 100) : number
}
