import fc from 'fast-check'
import { expect, test } from 'vitest'
import { registryOf } from '#core/testing'
import { plugins } from '#plugins'
import { operationCards } from '../../../cards.ts'
import { trainOffline } from '../brain.ts'
import { wordsIn } from '../search.ts'
import { retrieve, type Wanted } from './retrieve.ts'

const brain = trainOffline(operationCards(registryOf(plugins)))
const all: Wanted = { of: () => true, most: 48 }

const found = (text: string, wanted = all) =>
  [...retrieve(wordsIn(brain, text), brain.patterns, brain.vocabulary, [wanted])].map((pattern) =>
    brain.patterns.indexOf(pattern),
  )

const messages = [
  'Hvad er telefonnummeret på Søren Sørensen?',
  'flyt Havneby-handlen til tilbud sendt',
  'show me the contacts of Havneby',
  'hvad er det',
  'og den anden',
  'xyzzy',
  '',
]
const first = new Map(messages.map((message) => [message, found(message)]))

test('a message finds the same phrases, whatever was looked for before it', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...messages)), (asked) => {
      for (const message of asked) expect(found(message)).toEqual(first.get(message))
    }),
  )
})

test('a search that broke off leaves nothing behind for the next', () => {
  const [message] = messages as [string, ...string[]]
  const breaking = (): boolean => {
    throw new Error('broken')
  }
  expect(() => found(message, { of: breaking, most: 48 })).toThrow('broken')
  expect(found(message)).toEqual(first.get(message))
})

test('phrases that say more of a message come before those that say less of it', () => {
  const [best] = found('hvilke kontakter har vi i Havneby')
  expect(brain.patterns[best!]!.operation).toMatch(/^crm\.contacts\./)
})

test('words that no phrase knows find nothing', () => {
  expect(found('xyzzy')).toEqual([])
  expect(found('')).toEqual([])
})
