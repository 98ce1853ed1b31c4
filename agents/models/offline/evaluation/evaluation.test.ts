import { describe, expect, test } from 'vitest'
import { trainOffline } from '../brain.ts'
import { tokenize } from '../language/tokens.ts'
import { catalogue } from './catalogue.ts'
import { examples, measure } from './measure.ts'

const brain = trainOffline(catalogue)
const plain = (text: string): string => tokenize(text).map((token) => token.word).join(' ') // prettier-ignore

describe.each(['da', 'en'] as const)('the offline model in %s', (locale) => {
  const measured = measure(brain, locale)
  const faults = measured.faults.join('\n')

  test('finds the operation of at least 95 % of the sentences', () => {
    expect(measured.operation, faults).toBeGreaterThanOrEqual(0.95)
  })

  test('reads all arguments of at least 90 % of the sentences', () => {
    expect(measured.args, faults).toBeGreaterThanOrEqual(0.9)
  })

  test('refuses at least 90 % of what it cannot do', () => {
    expect(measured.refused, faults).toBeGreaterThanOrEqual(0.9)
  })

  test('is asked at least 150 sentences, none of them a phrase it was trained on', () => {
    const phrases = new Set(catalogue.flatMap(({ words }) => words[locale].phrases).map(plain))
    expect(examples[locale].length).toBeGreaterThanOrEqual(150)
    expect(examples[locale].map(([text]) => text).filter((text) => !text.includes('{') && phrases.has(plain(text)) && !isBare(text))).toEqual([]) // prettier-ignore
  })
})

/** "vis aftaler" can hardly be said in another way; such sentences of two or three words are few. */
const isBare = (text: string): boolean => text.split(' ').length <= 3
