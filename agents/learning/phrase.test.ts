import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { phraseFrom } from './phrase.ts'

const id = '019aa000-0000-7000-8000-000000000001'

describe('what a sentence teaches', () => {
  test.each([
    ['plop Niels Lyhne onto the pile', { title: 'Niels Lyhne' }, {}, 'plop {title} onto the pile'],
    [
      'kyl havneby-aftalen hos Havneby Tandklinik',
      { companyId: id },
      { companyName: 'Havneby Tandklinik' },
      'kyl havneby-aftalen hos {companyId}',
    ],
    ['gå i krig med bente SKOV', { id }, { id, name: 'Bente Skov' }, 'gå i krig med {id}'],
    ['Anna, skriv Annas navn', { name: 'Anna' }, {}, '{name}, skriv Annas navn'],
    ['sæt 12.500 kr (cirka) på', { amount: 1_250_000 }, {}, 'sæt 12.500 kr (cirka) på'],
  ])('%j', (said, input, output, text) => {
    expect(phraseFrom(said, { input, output })?.text).toBe(text)
  })

  test.each(['Bente Skov', 'ok', '', '{id} og {title}', 'x'.repeat(400)])('nothing, in %j', (said) => {
    expect(phraseFrom(said, { input: { name: 'Bente Skov' }, output: {} })).toBeUndefined()
  })

  test('can be put together again, whatever was said', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ unit: 'grapheme' })),
        (said, input) => {
          const phrase = phraseFrom(said, { input, output: {} })
          if (!phrase) return
          const again = Object.entries(phrase.arguments).reduce(
            (text, [field, value]) => text.replace(`{${field}}`, () => value),
            phrase.text,
          )
          expect(again).toBe(said.trim().replace(/\s+/g, ' '))
        },
      ),
    )
  })
})
