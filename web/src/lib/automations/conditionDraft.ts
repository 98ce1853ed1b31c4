import type { Asking, ConditionGroup, Conditions, ConditionTest, EventField } from '#lib/api/types.ts'
import { valueFrom, valueText } from './fields.ts'

/** A condition as a form holds it. */
export type Row = { field: string; is: Asking; text: string }
export type RowGroup = { match: 'all' | 'any'; of: Row[] }
/** Conditions as a form holds them: rows, and groups of rows, in the order in which they are read. */
export type Draft = { match: 'all' | 'any'; of: (Row | RowGroup)[] }

export const isGroup = (part: Row | RowGroup): part is RowGroup => 'of' in part

export const draftOf = ({ match, of }: Conditions): Draft => ({
  match,
  of: of.map((part) => ('of' in part ? { match: part.match, of: part.of.map(rowOf) } : rowOf(part))),
})

const rowOf = ({ field, is, value }: ConditionTest): Row => ({ field, is, text: valueText(value) })

/** What the form says; a group without a condition asks nothing, and is left out. */
export const conditionsOf = ({ match, of }: Draft, fields: readonly EventField[]): Conditions => ({
  match,
  of: of.flatMap((part): (ConditionTest | ConditionGroup)[] => {
    if (!isGroup(part)) return [testOf(part, fields)]
    return part.of.length > 0 ? [{ match: part.match, of: part.of.map((row) => testOf(row, fields)) }] : []
  }),
})

function testOf({ field: path, is, text }: Row, fields: readonly EventField[]): ConditionTest {
  const field = fields.find((each) => each.path === path)
  const value = is === 'exists' || is === 'missing' ? undefined : valueFrom(field, is, text)
  return value === undefined ? { field: path, is } : { field: path, is, value }
}
