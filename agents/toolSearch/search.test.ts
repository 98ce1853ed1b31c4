import { expect, test } from 'vitest'
import { locales } from '#core'
import { registryOf } from '#core/testing'
import { plugins } from '#plugins'
import { distractors } from '../../evaluation/distractors.ts'
import { halves, sets } from '../../evaluation/sets.ts'
import { operationCards } from '../cards.ts'
import { agentsPlugin } from '../index.ts'
import { trainOffline } from '../models/offline/index.ts'
import { createToolSearch } from './index.ts'

const registry = registryOf([agentsPlugin, ...plugins, ...distractors(230)])
const search = createToolSearch(registry, trainOffline(operationCards(registry)))

test.each(locales)(
  'the right operation is among the dozen for 97 of 100 sentences in %s that nobody indexed',
  (locale) => {
    const asked = halves.flatMap((half) => sets[locale][half].calls)
    const missed = asked.filter(({ say, operation, or = [] }) => {
      const found = search.find({ text: say }, registry.operations, 12).map(({ name }) => name as string)
      expect(found.length).toBeLessThanOrEqual(12)
      return ![operation, ...or.map((meaning) => meaning.operation)].some((name) => found.includes(name))
    })
    expect(missed.length / asked.length, missed.map(({ say }) => say).join('\n')).toBeLessThanOrEqual(0.03)
  },
)

test('looks among the operations that it is given, and nowhere else', () => {
  const mayUse = registry.operations.filter(({ domain }) => domain === 'platform')
  const found = search.find({ text: 'move the Havneby deal to proposal sent' }, mayUse, 12)
  expect(found.every(({ domain }) => domain === 'platform')).toBe(true)
})
