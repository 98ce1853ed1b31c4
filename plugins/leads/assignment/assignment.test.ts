import { afterAll, beforeAll, expect, test } from 'vitest'
import { registryOf, twoTenants, type TwoTenants } from '#core/testing'
import type { Caller, InputOf } from '#core'
import { leads } from '#plugins/leads'
import { assignLead } from '../leads/assign.ts'
import { leadHistory } from '../leads/history.ts'
import { createLead } from '../leads/write.ts'
import { createAssignmentRule, listAssignmentRules } from './operations.ts'

let world: TwoTenants
let caller: Caller
let anna: string
let mikkel: string
beforeAll(async () => {
  world = await twoTenants([{ ...leads, demo: async () => undefined }])
  caller = world.nordlys.caller
  const people = registryOf([]).find('platform.people.list')!
  const found = (await world.core.invoke(world.core.registry.find(people.name)!, {}, caller)).value as {
    items: { id: string; name: string }[]
  }
  anna = found.items.find(({ name }) => name.startsWith('Anna'))!.id
  mikkel = found.items.find(({ name }) => name.startsWith('Mikkel'))!.id
  await rule({ name: 'Odder til Anna', owners: [anna], field: 'city', operator: 'is', value: 'Odder' })
  await rule({ name: 'Alle på skift', owners: [anna, mikkel] })
})
afterAll(() => world.close())

const rule = async (given: InputOf<typeof createAssignmentRule>) =>
  (await world.core.invoke(createAssignmentRule, given, caller)).value
const make = async (given: InputOf<typeof createLead>) =>
  (await world.core.invoke(createLead, given, caller)).value

test('rules are looked at in their order, and colleagues take turns', async () => {
  const { value } = await world.core.invoke(listAssignmentRules, {}, caller)
  expect(value.items.map(({ name, ownerNames }) => [name, ownerNames])).toEqual([
    ['Odder til Anna', ['Anna Nordlys']],
    ['Alle på skift', ['Anna Nordlys', 'Mikkel Brandt']],
  ])
  const owners = []
  for (const city of ['Vejle', 'Odder', 'Vejle', 'Vejle', 'odder', 'Vejle'])
    owners.push((await make({ name: 'Somebody', city })).ownerId)
  expect(owners).toEqual([anna, anna, mikkel, anna, anna, mikkel])
})

test('two leads at once go to two colleagues', async () => {
  const made = await Promise.all(Array.from({ length: 6 }, (_, n) => make({ name: `Samtidig ${n}` })))
  expect(made.filter(({ ownerId }) => ownerId === anna)).toHaveLength(3)
})

test('why somebody has a lead stands in its history; whoever is named gets it', async () => {
  const ruled = await make({ name: 'Efter regel' })
  const { value } = await world.core.invoke(leadHistory, { id: ruled.id }, caller)
  expect(value.items[0]).toMatchObject({ kind: 'assigned', after: ruled.ownerName, reason: 'Alle på skift' })
  const named = await make({ name: 'Til Mikkel', ownerId: mikkel })
  expect(named.ownerId).toBe(mikkel)
  const given = await world.core.invoke(assignLead, { id: named.id, ownerId: anna }, caller)
  expect(given.value).toMatchObject({ ownerId: anna, ownerName: 'Anna Nordlys' })
})

test('a colleague of another company is nobody', async () => {
  const stranger = world.fjord.caller.actor.id
  await expect(rule({ name: 'Fremmed', owners: [stranger] })).rejects.toMatchObject({ code: 'not_found' })
})

test('a rule with half a condition is refused', async () => {
  const half = rule({ name: 'Halv', owners: [anna], field: 'city', operator: 'is' })
  await expect(half).rejects.toMatchObject({ code: 'leads_rule_incomplete' })
})
