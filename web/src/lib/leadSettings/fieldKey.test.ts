import { expect, test } from 'vitest'
import { keyOf } from './fieldKey.ts'

test('a field is kept under what people call it', () => {
  expect(keyOf('Antal m²', [])).toBe('antalM2')
  expect(keyOf('Hvornår må vi ringe?', [])).toBe('hvornaarMaaViRinge')
  expect(keyOf('1. valg', [])).toBe('valg')
  expect(keyOf('???', [])).toBe('field')
})

test('two fields are never kept under the same', () => {
  expect(keyOf('Dato', ['dato'])).toBe('dato2')
  expect(keyOf('Dato', ['dato', 'dato2'])).toBe('dato3')
})
