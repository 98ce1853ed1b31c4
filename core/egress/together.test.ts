import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Together } from './together.ts'

let passed: string[]
let together: Together
let within: number

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  passed = []
  within = 40
  together = new Together(
    () => within,
    (bytes) => passed.push(Buffer.from(bytes).toString()),
  )
})
afterEach(() => vi.useRealTimers())

/** Pieces that are read at once. */
const add = (text: string): void => [...text].forEach((piece) => together.add(Buffer.from(piece)))

/** Pieces that are read one after the other. */
async function addInTurn(text: string): Promise<void> {
  for (const piece of text) {
    add(piece)
    await Promise.resolve()
  }
}

test('the first pieces pass at once, those that follow fast pass together', async () => {
  await addInTurn('abcdefgh')
  expect(passed).toEqual([...'abcdefgh'])
  await addInTurn('ij')
  vi.advanceTimersByTime(20)
  await addInTurn('k')
  expect(passed.length).toBe(8)
  vi.advanceTimersByTime(20)
  expect(passed.slice(8)).toEqual(['ijk'])
})

test('what comes after a silence passes at once', async () => {
  await addInTurn('abcdefgh')
  vi.advanceTimersByTime(40)
  await addInTurn('i')
  expect(passed.at(-1)).toBe('i')
})

test('what is read at once passes as one piece', async () => {
  add('ab')
  await Promise.resolve()
  await addInTurn('cdefghi')
  vi.advanceTimersByTime(40)
  add('jkl')
  await Promise.resolve()
  expect(passed).toEqual(['ab', ...'cdefghi', 'jkl'])
  add('mn')
  expect(vi.getTimerCount()).toBe(1)
})

test('nothing is held back any more where that is not wanted just now', async () => {
  await addInTurn('abcdefgh')
  within = 0
  await addInTurn('ij')
  expect(passed).toEqual([...'abcdefghij'])
})

test('what waits passes with the end, and is forgotten where nobody reads on', async () => {
  await addInTurn('abcdefgh')
  add('ij')
  together.flush()
  expect(passed.at(-1)).toBe('ij')
  add('k')
  together.drop()
  vi.advanceTimersByTime(100)
  await Promise.resolve()
  expect(passed.join('')).toBe('abcdefghij')
})
