import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDate } from './danishDate.ts'

test.each([
  ['21-11-2026', '2026-11-21'],
  ['3/4-2026', '2026-04-03'],
  ['3/4/2026', '2026-04-03'],
  ['21.11.26', '2026-11-21'],
  ['1.2.75', '1975-02-01'],
  ['21. november 2026', '2026-11-21'],
  ['d. 3. marts 2026', '2026-03-03'],
  ['den 3. maj 2026', '2026-05-03'],
  ['21 Nov 2026', '2026-11-21'],
  ['2026-11-21', '2026-11-21'],
  ['2026-11-21T14:30:00.000Z', '2026-11-21'],
  ['2026-11-21 14:30', '2026-11-21'],
  ['21-11-2026 kl. 14.30', '2026-11-21'],
  ['29-02-2028', '2028-02-29'],
])('%j is read as %s', (text, date) => {
  expect(parseDate(text)).toBe(date)
})

test.each([
  '',
  '31-02-2026',
  '29-02-2026',
  '29-02-2100',
  '11/21/2026',
  '32-01-2026',
  '1-0-2026',
  'i går',
  '2026',
  '1. januar 0000',
  '1'.repeat(100_000),
])('%.12j is no date', (text) => {
  expect(parseDate(text)).toBeUndefined()
})

test('every day is read back from Danish and ISO writing', () => {
  const days = fc.date({ min: new Date('1970-01-01'), max: new Date('2069-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(days, (date) => {
      const iso = date.toISOString().slice(0, 10)
      const danish = (options: Intl.DateTimeFormatOptions): string =>
        new Intl.DateTimeFormat('da-DK', { ...options, timeZone: 'UTC' }).format(date)
      const written = [
        iso,
        date.toISOString(),
        danish({ dateStyle: 'long' }),
        danish({ dateStyle: 'short' }),
        danish({ dateStyle: 'medium' }),
      ]
      for (const text of written) expect(parseDate(text)).toBe(iso)
    }),
  )
})
