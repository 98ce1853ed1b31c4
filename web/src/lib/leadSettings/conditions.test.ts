import { expect, test } from 'vitest'
import { compares, operatorsOf } from './conditions.ts'
import { ruleFields } from './types.ts'

test('every field can be asked something, and points only whether there are enough', () => {
  for (const field of ruleFields) expect(operatorsOf(field).length).toBeGreaterThan(0)
  expect(operatorsOf('score')).toEqual(['atLeast'])
})

test('only what is compared takes a value', () => {
  expect(operatorsOf('email').filter(compares)).toEqual(['contains', 'is'])
})
