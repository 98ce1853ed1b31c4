import { expect, it } from 'vitest'
import { valueFrom } from './fields.ts'

it('compares a field with a value of its own kind', () => {
  const number = { path: 'count', label: 'Count', type: 'number', values: [], resource: null } as const
  expect(valueFrom({ ...number, values: [] }, 'greater', '5')).toBe(5)
  expect(valueFrom({ ...number, values: [] }, 'in', '1, 2')).toEqual([1, 2])
})
