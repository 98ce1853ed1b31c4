import { expect, test } from 'vitest'
import type { JsonSchema } from '../card.ts'
import { display } from './format.ts'

const reader = { locale: 'da', timeZone: 'Europe/Copenhagen' } as const
const phone = { type: 'string', kind: 'phone' } as const
const shown = (value: unknown, schema: JsonSchema): string => display('phones', value, {}, schema, {}, reader)

test('a phone number is shown with the spaces of its country', () => {
  expect(shown('+4520123456', phone)).toBe('+45 20 12 34 56')
  expect(shown('+442079460018', phone)).toBe('+44 20 7946 0018')
  const list = { type: 'array', items: { type: 'object', properties: { number: phone } } }
  expect(shown([{ number: '+4520123456', label: 'mobil' }], list)).toBe('+45 20 12 34 56')
})

test('what is no phone number is shown as it is', () => {
  expect(shown('+4520123456', { type: 'string' })).toBe('+4520123456')
  expect(shown('lokal 12', phone)).toBe('lokal 12')
})
