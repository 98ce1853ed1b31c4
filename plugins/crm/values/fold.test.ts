import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { capitals, fold, foldExpanded, foldPlain, smalls } from './fold.ts'

test.each([
  ['Søren Sørensen', 'soeren soerensen', 'soren sorensen'],
  ['Aabenraa', 'aabenraa', 'aabenraa'],
  ['Åbenrå', 'aabenraa', 'abenra'],
  ['Ærø', 'aeroe', 'aero'],
  ['Jörg Jäger', 'joerg jaeger', 'jorg jager'],
  ['André  Çelik\n', 'andre celik', 'andre celik'],
  ['STRAẞE', 'strasse', 'strasse'],
  ['Łódź', 'lodz', 'lodz'],
  ['ﬁn Ｘ', 'fin x', 'fin x'],
])('%j folds to %j and %j', (text, expanded, plain) => {
  expect([foldExpanded(text), foldPlain(text)]).toEqual([expanded, plain])
})

test('the indexed text holds both forms, or one where they are equal', () => {
  expect(fold('Søren')).toBe('soeren soren')
  expect(fold('Peter')).toBe('peter')
})

test('composed and decomposed text fold alike, and folding twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      for (const form of [foldExpanded, foldPlain]) {
        expect(form(text.normalize('NFD'))).toBe(form(text.normalize('NFC')))
        expect(form(form(text))).toBe(form(text))
      }
    }),
  )
})

test('each capital has its small letter, and the SQL uses the same table after Ø and Æ', () => {
  expect(Array.from(smalls)).toHaveLength(Array.from(capitals).length)
  const sql = readFileSync(new URL('../migrations/001_fold.sql', import.meta.url), 'utf8')
  expect(sql).toContain(`'${capitals.slice(2)}',\n      '${smalls.slice(2)}'`)
})
