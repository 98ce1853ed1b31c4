import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entity } from './entity.ts'
import { isoDay } from './moment.ts'
import { recognize } from './recognize.ts'

/** Saturday 21 November 2026, nine in the morning. */
const surroundings = { now: new Date('2026-11-21T08:00:00Z'), timeZone: 'Europe/Copenhagen' }

const read = (text: string): string | undefined => {
  const [entity] = recognize(text, surroundings)
  return entity && told(entity)
}

function told(entity: Entity): string {
  if (entity.type === 'moment') {
    const { from, to, time } = entity.value
    const clock = time ? ` ${time.hour}:${String(time.minute).padStart(2, '0')}` : ''
    return `${isoDay(from)}${to - from > 1 ? `–${isoDay(to)}` : ''}${clock}`
  }
  if (entity.type === 'money') return `${entity.value.minor} ${entity.value.currency ?? '?'}`
  if (entity.type === 'duration') return `${entity.value.amount} ${entity.value.unit}`
  return String(entity.value)
}

describe('days', () => {
  test.each([
    ['i dag', '2026-11-21'],
    ['today', '2026-11-21'],
    ['i morgen', '2026-11-22'],
    ['i overmorgen', '2026-11-23'],
    ['the day after tomorrow', '2026-11-23'],
    ['på fredag', '2026-11-27'],
    ['i fredags', '2026-11-20'],
    ['næste tirsdag', '2026-11-24'],
    ['next Tuesday', '2026-11-24'],
    ['last Tuesday', '2026-11-17'],
    ['om to uger', '2026-12-05'],
    ['in two weeks', '2026-12-05'],
    ['om 14 dage', '2026-12-05'],
    ['for tre dage siden', '2026-11-18'],
    ['two weeks ago', '2026-11-07'],
    ['den 3.', '2026-12-03'],
    ['the 3rd', '2026-12-03'],
    ['3. december', '2026-12-03'],
    ['December 3rd', '2026-12-03'],
    ['3/12', '2026-12-03'],
    ['3-12-2027', '2027-12-03'],
    ['2026-12-03', '2026-12-03'],
    ['fredag den 4. december', '2026-12-04'],
    ['uge 47', '2026-11-16–2026-11-23'],
    ['sidste uge', '2026-11-09–2026-11-16'],
    ['next month', '2026-12-01–2027-01-01'],
    ['denne måned', '2026-11-01–2026-12-01'],
    ['i morgen kl. 14.30', '2026-11-22 14:30'],
    ['tomorrow at 2 pm', '2026-11-22 14:00'],
    ['kl. 8', '2026-11-22 8:00'],
    ['kl. 16', '2026-11-21 16:00'],
  ])('reads "%s" as %s', (text, expected) => expect(read(text)).toBe(expected))
})

describe('lengths of time', () => {
  test.each([
    ['over en måned', '1 month'],
    ['more than a month', '1 month'],
    ['45 minutter', '45 minute'],
    ['halvanden time', '1.5 hour'],
    ['the last 30 days', '30 day'],
    ['et par uger', '2 week'],
  ])('reads "%s" as %s', (text, expected) => expect(read(text)).toBe(expected))
})

describe('money', () => {
  test.each([
    ['12.500 kr', '1250000 DKK'],
    ['12.500,50 kr.', '1250050 DKK'],
    ['kr 12500', '1250000 DKK'],
    ['12,500 DKK', '1250000 DKK'],
    ['12 500 kr', '1250000 DKK'],
    ['12.500,-', '1250000 DKK'],
    ['€1,200', '120000 EUR'],
    ['$40,000.25', '4000025 USD'],
    ['25k', '2500000 ?'],
    ['25 t.kr.', '2500000 DKK'],
    ['2 mio', '200000000 ?'],
    ['1,2 mio. kr.', '120000000 DKK'],
    ['to millioner kroner', '200000000 DKK'],
  ])('reads "%s" as %s', (text, expected) => expect(read(text)).toBe(expected))

  test('reads what the Danish and the English way of writing produce', () => {
    const formats = ['da-DK', 'en-GB'].map((tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 2 }))
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 9_999_999_999 }),
        fc.constantFrom(...formats),
        (minor, format) => {
          expect(read(`${format.format(minor / 100)} kr`)).toBe(`${minor} DKK`)
        },
      ),
    )
  })
})

describe('what shows by its form', () => {
  test.each([
    ['skriv til Bente@Havneby.example.', 'bente@havneby.example'],
    ['22 33 44 55', '+4522334455'],
    ['2233 4455', '+4522334455'],
    ['+45 22334455', '+4522334455'],
    ['0044 20 7946 0958', '+442079460958'],
    ['cvr-nr. 12 34 56 78', '12345678'],
    ['"Rengøring 2027"', 'Rengøring 2027'],
  ])('reads %s', (text, expected) => expect(read(text)).toBe(expected))

  test('takes neither an amount nor a date for a phone number', () => {
    expect(recognize('12.345.678 kr', surroundings).map(({ type }) => type)).toEqual(['money'])
    expect(recognize('20-11-2026', surroundings).map(({ type }) => type)).toEqual(['moment'])
  })
})
