import { expect, test } from 'vitest'
import { registryOf } from '#core/testing'
import { plugins } from '#plugins'
import { operationCards } from '../../cards.ts'
import { readingsFor, trainOffline } from './index.ts'

const brain = trainOffline(operationCards(registryOf(plugins)))

test.each([
  ['vi tabte aftalen med Schmidt Bageri', 'crm.deals.lose', 'crm.deals.win'],
  ['vi vandt aftalen med Schmidt Bageri', 'crm.deals.win', 'crm.deals.lose'],
  ['we lost the deal with Lassen Bageri', 'crm.deals.lose', 'crm.deals.win'],
  ['we won the deal with Lassen Bageri', 'crm.deals.win', 'crm.deals.lose'],
])('does not take “%s” for its opposite', (text, meant, opposite) => {
  const readings = readingsFor(brain, text, (operation) => [meant, opposite].includes(operation))
  expect(readings[0]).toBe(meant)
})
