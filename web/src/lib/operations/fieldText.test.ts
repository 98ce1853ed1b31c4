import { expect, it } from 'vitest'
import { fromLocalMoment, fromText, toLocalMoment, toText } from './fieldText.ts'

it('reads what a form holds as the operation takes it', () => {
  expect(fromText({ type: 'money' }, '12,50')).toBe(1250)
  expect(fromText({ type: 'money' }, '1.250,50')).toBe(125_050)
  expect(fromText({ type: 'money' }, 'much')).toBe('much')
  expect(fromText({ type: 'number' }, '3')).toBe(3)
  expect(fromText({ type: 'boolean' }, 'false')).toBe(false)
  expect(fromText({ type: 'json' }, '["a"]')).toEqual(['a'])
  expect(fromText({ type: 'text' }, '  ')).toBeUndefined()
  expect(fromText({ type: 'number' }, '{{payload.count}}')).toBe('{{payload.count}}')
})

it('shows what it read', () => {
  expect(toText({ type: 'money' }, 1250)).toBe('12,50')
  expect(toText({ type: 'json' }, ['a'])).toBe('["a"]')
  expect(toText({ type: 'text' }, null)).toBe('')
})

it('turns a moment into the reader’s time and back', () => {
  const moment = '2026-11-22T10:30:00.000Z'
  expect(fromLocalMoment(toLocalMoment(moment))).toBe(moment)
  expect([toLocalMoment('soon'), fromLocalMoment('')]).toEqual(['', ''])
})
