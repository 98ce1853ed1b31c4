import type { EventField, OperationField } from '#lib/api/types.ts'

const isReference = (text: string): boolean => text.includes('{{')

/** What a form's text stands for in the input of an operation; nothing where it is empty. */
export function fromText({ type }: Pick<OperationField, 'type'>, text: string): unknown {
  const given = text.trim()
  if (given === '') return undefined
  if (type === 'json') return parsed(given)
  if (isReference(given)) return text
  if (type === 'number') return numeric(given)
  if (type === 'money')
    return typeof numeric(given) === 'number' ? Math.round(Number(numeric(given)) * 100) : given
  return type === 'boolean' ? given === 'true' : text
}

/** The same the other way: what the form shows. */
export function toText({ type }: Pick<OperationField, 'type'>, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (type === 'money' && typeof value === 'number') return String(value / 100)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const numeric = (text: string): number | string => {
  const number = Number(text.replace(',', '.'))
  return Number.isNaN(number) ? text : number
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

const types: Readonly<Record<EventField['type'], OperationField['type']>> = {
  text: 'text',
  number: 'number',
  boolean: 'boolean',
  day: 'day',
  moment: 'moment',
  id: 'text',
  choice: 'choice',
  list: 'text',
}

/** A condition's value is read as the field that it is compared with. */
export const valueFrom = (field: EventField | undefined, is: string, text: string): unknown => {
  const of = { type: types[field?.type ?? 'text'] }
  return is === 'in' ? text.split(',').flatMap((part) => fromText(of, part.trim()) ?? []) : fromText(of, text)
}

export const valueText = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(', ') : value === undefined ? '' : String(value)

/** What each kind of field can be asked. */
export const askingsOf = {
  text: ['equals', 'notEquals', 'contains', 'in', 'exists', 'missing'],
  choice: ['equals', 'notEquals', 'in', 'exists', 'missing'],
  id: ['equals', 'notEquals', 'in', 'exists', 'missing'],
  number: ['equals', 'notEquals', 'greater', 'less', 'in', 'exists', 'missing'],
  day: ['equals', 'greater', 'less', 'exists', 'missing'],
  moment: ['greater', 'less', 'exists', 'missing'],
  boolean: ['equals', 'exists', 'missing'],
  list: ['contains', 'exists', 'missing'],
} as const
