import fc from 'fast-check'
import { expect, test } from 'vitest'
import { danishDay, easterSunday, isWorkingDay, nextCallTime } from './workingTime.ts'

test.each([
  // Winter: Copenhagen is one hour ahead; summer: two.
  ['a Monday at ten', '2026-11-23T09:03:00Z', '2026-11-23T10:15:00Z'],
  ['a summer Monday at ten', '2026-07-06T08:03:00Z', '2026-07-06T09:15:00Z'],
  ['before work', '2026-11-24T04:00:00Z', '2026-11-24T08:00:00Z'],
  ['late in the afternoon', '2026-11-24T14:30:00Z', '2026-11-25T08:00:00Z'],
  ['a Friday evening', '2026-11-27T19:00:00Z', '2026-11-30T08:00:00Z'],
  ['a Saturday', '2026-11-21T21:30:00Z', '2026-11-23T08:00:00Z'],
  ['the Wednesday before Easter', '2027-03-24T17:00:00Z', '2027-03-30T07:00:00Z'],
  ['the day before Christmas Eve', '2026-12-23T16:00:00Z', '2026-12-28T08:00:00Z'],
  ['New Year’s Eve', '2026-12-30T18:00:00Z', '2027-01-04T08:00:00Z'],
])('whoever writes on %s is called at a time when they are at work', (_, now, expected) => {
  expect(nextCallTime(new Date(now)).toISOString()).toBe(expected.replace('Z', '.000Z'))
})

test.each([
  [2024, '2024-03-31'],
  [2026, '2026-04-05'],
  [2027, '2027-03-28'],
  [2038, '2038-04-25'],
])('Easter of %s is on %s', (year, day) => {
  expect(easterSunday(year)).toBe(day)
})

test('the call is always later, within ten days, and on a working day', () => {
  const moments = fc.date({ min: new Date('2025-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(moments, (now) => {
      const call = nextCallTime(now)
      expect(call.getTime()).toBeGreaterThanOrEqual(now.getTime() + 3_600_000)
      expect(call.getTime() - now.getTime()).toBeLessThan(10 * 86_400_000)
      expect(isWorkingDay(danishDay(call))).toBe(true)
    }),
  )
})
