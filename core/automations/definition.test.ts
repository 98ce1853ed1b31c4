import { expect, test } from 'vitest'
import { hashOf, type Definition } from './definition.ts'

const definition: Definition = {
  name: 'Titles',
  event: 'shelf.books.added',
  eventVersion: 1,
  conditions: { match: 'all', of: [] },
  operation: 'shelf.books.update',
  input: { id: '{{payload.id}}' },
  delayMinutes: 0,
  runsPerHour: 60,
}
const other: Definition = {
  name: 'Letters',
  event: 'shelf.books.lent',
  eventVersion: 2,
  conditions: { match: 'any', of: [] },
  operation: 'shelf.books.lend',
  input: { id: '{{event.id}}' },
  delayMinutes: 1,
  runsPerHour: 61,
}

test.each(Object.keys(definition) as (keyof Definition)[])(
  'an approval holds for the %s that was shown, and for no other',
  (part) => expect(hashOf({ ...definition, [part]: other[part] })).not.toBe(hashOf(definition)),
)

test('an approval holds however the definition is written down', () => {
  const { name, ...rest } = definition
  expect(hashOf({ ...rest, name })).toBe(hashOf(definition))
})
