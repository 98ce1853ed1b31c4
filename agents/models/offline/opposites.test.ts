import { expect, test } from 'vitest'
import { registryOf } from '#core/testing'
import { plugins } from '#plugins'
import { operationCards } from '../../cards.ts'
import { trainOffline } from './index.ts'
import { interpret } from './understanding/interpret.ts'

const brain = trainOffline(operationCards(registryOf(plugins)))

test.each([
  ['vi tabte aftalen med Schmidt Bageri', 'crm.deals.lose', 'crm.deals.win'],
  ['vi vandt aftalen med Schmidt Bageri', 'crm.deals.win', 'crm.deals.lose'],
  ['we lost the deal with Lassen Bageri', 'crm.deals.lose', 'crm.deals.win'],
  ['we won the deal with Lassen Bageri', 'crm.deals.win', 'crm.deals.lose'],
])('does not take “%s” for its opposite', (text, meant, opposite) => {
  const anyDay = { now: new Date(0), timeZone: 'Europe/Copenhagen' }
  const offered = (operation: string): boolean => [meant, opposite].includes(operation)
  expect(interpret(brain, text, offered, anyDay, 'da').readings[0]?.skill.card.name).toBe(meant)
})
