import { expect, test } from 'vitest'
import { createRegistry } from '#core'
import { plugins } from '#plugins'
import { listersFor } from './listers.ts'

const { operations, find } = createRegistry(plugins)
const listsFor = (name: string, among = operations) => listersFor(find(name)!, among).map((each) => each.name)

test('What an operation cannot do without is found by its list, where that is there', () => {
  expect(listsFor('crm.deals.move')).toEqual(['crm.deals.list'])
  expect(listsFor('crm.deals.move', [])).toEqual([])
})

test('What it may do without is searched for when it is needed', () => {
  expect(listsFor('crm.deals.create')).toEqual([])
})
