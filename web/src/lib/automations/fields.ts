import type { EventField, OperationField } from '#lib/api/types.ts'
import { fromText } from '#lib/operations/fieldText.ts'

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
