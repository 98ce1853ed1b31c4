import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Together } from './together.ts'

let passed: string[]
let together: Together

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  passed = []
  together = new Together(40, (bytes) => passed.push(Buffer.from(bytes).toString()))
})
afterEach(() => vi.useRealTimers())

const add = (text: string): void => [...text].forEach((piece) => together.add(Buffer.from(piece)))

test('the first pieces pass at once, those that follow fast pass together', () => {
  add('abcdefgh')
  expect(passed).toEqual([...'abcdefgh'])
  add('ij')
  vi.advanceTimersByTime(20)
  add('k')
  expect(passed.length).toBe(8)
  vi.advanceTimersByTime(20)
  expect(passed.slice(8)).toEqual(['ijk'])
})

test('what comes after a silence passes at once', () => {
  add('abcdefgh')
  vi.advanceTimersByTime(40)
  add('i')
  expect(passed.at(-1)).toBe('i')
})

test('what waits passes with the end, and is forgotten where nobody reads on', () => {
  add('abcdefghij')
  together.flush()
  expect(passed.at(-1)).toBe('ij')
  add('k')
  together.drop()
  vi.advanceTimersByTime(100)
  expect(passed.join('')).toBe('abcdefghij')
})
