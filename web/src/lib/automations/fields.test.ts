import { expect, it } from 'vitest'
import { fromText, toText, valueFrom } from './fields.ts'

it('reads what a form holds as the operation takes it', () => {
  expect(fromText({ type: 'money' }, '12,50')).toBe(1250)
  expect(fromText({ type: 'number' }, '3')).toBe(3)
  expect(fromText({ type: 'boolean' }, 'false')).toBe(false)
  expect(fromText({ type: 'json' }, '["a"]')).toEqual(['a'])
  expect(fromText({ type: 'text' }, '  ')).toBeUndefined()
  expect(fromText({ type: 'number' }, '{{payload.count}}')).toBe('{{payload.count}}')
})

it('shows what it read', () => {
  expect(toText({ type: 'money' }, 1250)).toBe('12.5')
  expect(toText({ type: 'json' }, ['a'])).toBe('["a"]')
  expect(toText({ type: 'text' }, null)).toBe('')
})

it('compares a field with a value of its own kind', () => {
  const number = { path: 'count', label: 'Count', type: 'number', values: [], resource: null } as const
  expect(valueFrom({ ...number, values: [] }, 'greater', '5')).toBe(5)
  expect(valueFrom({ ...number, values: [] }, 'in', '1, 2')).toEqual([1, 2])
})
