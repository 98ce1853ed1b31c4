import { expect, test } from 'vitest'
import type { Skill } from '../brain.ts'
import { tellResult } from './results.ts'

const words = { done: '{count, plural, one {# aftale} other {# aftaler}}', columns: { title: 'Aftale' } }
const card = { effect: 'read', words: { da: words, en: words }, input: {}, output: {} }
const skill = { card } as unknown as Skill
const reader = { locale: 'da', timeZone: 'Europe/Copenhagen' } as const

const told = (nextCursor: string | null, counted: { total?: number } = {}): string => {
  const items = Array.from({ length: Math.min(20, counted.total ?? 20) }, (_, number) => ({
    title: `Aftale ${number}`,
  }))
  return tellResult(skill, {}, { items, nextCursor, ...counted }, reader, () => words.columns)
}

test('a list that is whole is told with its number', () => {
  expect(told(null)).toMatch(/^20 aftaler:\n/)
  expect(told(null)).toMatch(/… og 10 flere\.$/)
})

test('a part of what there is is not told as all of it', () => {
  expect(told('more')).toMatch(/^Mere end 20 aftaler:\n/)
  expect(told('more')).toMatch(/Der er flere end dem, jeg viser her\.$/)
})

test('who asks how many there are is told the number, and sees them where they are few', () => {
  expect(told('more', { total: 1_234 })).toBe('1.234 aftaler.')
  expect(told('more', { total: 10_000 })).toBe('Mindst 10.000 aftaler.')
  expect(told(null, { total: 3 })).toMatch(/^3 aftaler:\n\n.*Aftale.*\n/)
})
