import { expect, test } from 'vitest'
import { formatMessage, localeFrom } from './language.ts'

test.each([
  [undefined, 'da'],
  ['', 'da'],
  ['en', 'en'],
  ['en-GB,da;q=0.5', 'en'],
  ['da-DK;q=0.1, en;q=0.9', 'en'],
  ['fr, en;q=0', 'da'],
  ['fr-FR, de;q=0.9, en;q=0.8', 'en'],
  ['english', 'da'],
  [';q=,,en-', 'en'],
])('Accept-Language %s is answered in %s', (header, locale) => {
  expect(localeFrom(header)).toBe(locale)
})

test.each([
  [{ count: 1 }, '1 kontakt'],
  [{ count: 12 }, '12 kontakter'],
  [{}, '– kontakter'],
  [{ count: null }, '– kontakter'],
])('A sentence with %j reads “%s”', (values, told) => {
  expect(formatMessage('{count, plural, one {# kontakt} other {# kontakter}}', 'da', values)).toBe(told)
})
