import { expect, test } from 'vitest'
import { VendorFault } from './vendorFault.ts'
import { waitBefore } from '../turn/retry.ts'
import { durationOf, retryAfterOf } from './retryAfter.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

test.each([
  [{ 'retry-after-ms': '1200', 'retry-after': '9' }, 1_200],
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:05 GMT' }, 5_000],
  [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{}, undefined],
])('%j asks to wait %s ms', (headers, expected) => {
  expect(retryAfterOf(new Headers(headers as Record<string, string>), now)).toBe(expected)
})

test.each([
  ['34s', 34_000],
  ['0.5s', 500],
  ['34', undefined],
  [34, undefined],
])('the duration %s is %s ms', (text, expected) => expect(durationOf(text)).toBe(expected))

test('a wait is any time up to twice the one before, on top of what was asked for', () => {
  const waits = (attempt: number, retryAfter?: number) =>
    Array.from({ length: 500 }, () =>
      waitBefore({ attempt, result: { error: new VendorFault('rate_limited', { retryAfter }) } }),
    )
  const [first, second, tenth, asked] = [waits(1), waits(2), waits(10), waits(1, 5_000)]
  expect(Math.max(...first)).toBeLessThanOrEqual(300)
  expect(Math.min(...first)).toBeLessThan(60)
  expect(Math.max(...second)).toBeGreaterThan(300)
  expect(Math.max(...second)).toBeLessThanOrEqual(600)
  expect(Math.max(...tenth)).toBeLessThanOrEqual(3_000)
  expect(Math.min(...asked)).toBeGreaterThanOrEqual(5_000)
  expect(Math.max(...asked)).toBeLessThanOrEqual(5_300)
})
