import { describe, expect, test } from 'vitest'
import { registryOf } from '#core/testing'
import { plugins } from '#plugins'
import { operationCards } from '../../../cards.ts'
import { trainOffline } from '../brain.ts'
import { readSentence } from './sentence.ts'

const brain = trainOffline(operationCards(registryOf(plugins)))
const anyDay = { now: new Date('2026-11-18T09:00:00Z'), timeZone: 'Europe/Copenhagen' }

const likelihoodsOf = (text: string): [string, number][] => {
  const sentence = readSentence(text, brain.vocabulary, brain.nouns.has, anyDay, 'da')
  return [...brain.intents.likelihoods(sentence)].sort(([, left], [, right]) => right - left)
}

describe('the words of a message', () => {
  test.each([
    ['Kirsten Mikkelborg skal have mærkatet Julegave', 'crm.contacts.update'],
    ['Mikkelborg Murerfirma skal have mærkatet Julegave', 'crm.companies.update'],
    ['put the tag Christmas on Kirsten Mikkelborg', 'crm.contacts.update'],
    ['put the tag Christmas on Mikkelborg Builders Ltd', 'crm.companies.update'],
  ])('tell a person from a firm by what they are called: %s', (text, operation) => {
    expect(likelihoodsOf(text)[0]?.[0]).toBe(operation)
  })

  test.each([
    'hvor mange planeter er der i solsystemet',
    'giv mig en god undskyldning for at komme for sent',
    'how many planets are there in the solar system',
    'give me a good excuse for being late',
  ])('speak for nothing that can be done here: %s', (text) => {
    expect(likelihoodsOf(text)[0]?.[1]).toBeLessThan(0.5)
  })
})
