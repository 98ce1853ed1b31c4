import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EventField } from '#lib/api/types.ts'
import { conditionsOf, draftOf } from './conditionDraft.ts'

const fields: EventField[] = [
  { path: 'title', label: 'Title', type: 'text', values: [], resource: null },
  { path: 'amount', label: 'Amount', type: 'number', values: [], resource: null },
]

const test = fc.oneof(
  fc.record({
    field: fc.constant('title'),
    is: fc.constantFrom('equals', 'contains'),
    value: fc.stringMatching(/^[a-zæøå]{1,20}$/),
  }),
  fc.record({ field: fc.constant('amount'), is: fc.constantFrom('greater', 'less'), value: fc.integer() }),
  fc.record({ field: fc.constant('title'), is: fc.constantFrom('exists', 'missing') }),
)
const match = fc.constantFrom('all', 'any')
const group = fc.record({ match, of: fc.array(test, { minLength: 1, maxLength: 4 }) })

it('keeps conditions and groups of them as they were, in their order', () => {
  fc.assert(
    fc.property(fc.record({ match, of: fc.array(fc.oneof(test, group), { maxLength: 6 }) }), (conditions) => {
      const given = conditions as Parameters<typeof draftOf>[0]
      expect(conditionsOf(draftOf(given), fields)).toEqual(given)
    }),
  )
})

it('leaves a group out that asks nothing', () => {
  expect(conditionsOf({ match: 'all', of: [{ match: 'any', of: [] }] }, [])).toEqual({ match: 'all', of: [] })
})
