import { expect, test } from 'vitest'
import { textOf, valueOf } from './settingText.ts'

const whole = { schema: { type: 'integer' } } as const
const money = { schema: { type: 'integer', kind: 'money' } } as const
const text = { schema: { type: 'string' } } as const

test.each([
  [whole, '30', 30],
  [whole, ' 7 ', 7],
  [whole, 'mange', 'mange'],
  [whole, '', ''],
  [money, '1.250,50', 125_050],
  [text, ' DKK ', 'DKK'],
])('%j reads “%s” as %j', (setting, said, value) => {
  expect(valueOf(setting, said)).toBe(value)
})

test.each([
  [whole, 30],
  [money, 125_050],
  [text, 'DKK'],
])('%j shows %j so that it reads as the same again', (setting, value) => {
  expect(valueOf(setting, textOf(setting, value))).toBe(value)
})
