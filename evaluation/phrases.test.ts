import { expect, test } from 'vitest'
import { locales } from '#core'
import { registryOf } from '#core/testing'
import { agentsPlugin } from '#agents'
import { slackPlugin } from '#channels/slack'
import { plugins } from '#plugins'
import { halves, sentencesOf, sets } from './sets.ts'

const registry = registryOf([agentsPlugin, slackPlugin, ...plugins])

/** Without capitals, accents, marks and slots. */
const plain = (text: string): string =>
  text.replace(/\{\w+\}/g, '·').normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}·]+/gu, ' ').trim() // prettier-ignore

const phrases = new Set(
  registry.operations.flatMap((operation) =>
    locales.flatMap((locale) => {
      const { title, phrases: said } = registry.words(operation, locale)
      return [title, ...said].map(plain)
    }),
  ),
)

test.each(locales)('at least 150 sentences are asked in %s, and nobody was taught one of them', (locale) => {
  const said = halves.flatMap((half) => sentencesOf(sets[locale][half]))
  expect(new Set(said.map(plain)).size).toBeGreaterThanOrEqual(150)
  expect(said.filter((sentence) => phrases.has(plain(sentence)))).toEqual([])
})

test.each(locales)('no sentence in %s stands in both halves', (locale) => {
  const tuning = new Set(sentencesOf(sets[locale].tuning).map(plain))
  expect(sentencesOf(sets[locale].heldOut).filter((sentence) => tuning.has(plain(sentence)))).toEqual([])
})

test('every operation and every argument that is expected is there, and an assistant may use it', () => {
  const asked = locales.flatMap((locale) =>
    halves.flatMap((half) => {
      const { calls, conversations } = sets[locale][half]
      return [...calls, ...conversations.flat().filter((turn) => 'operation' in turn)]
    }),
  )
  for (const { operation: name, input } of asked) {
    const operation = registry.find(name)
    expect(operation?.personOnly, name).toBeUndefined()
    expect(Object.keys(operation?.input.shape ?? {}), name).toEqual(
      expect.arrayContaining(Object.keys(input)),
    )
  }
})
