import { expect, test } from 'vitest'
import { localeFrom } from './language.ts'

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
