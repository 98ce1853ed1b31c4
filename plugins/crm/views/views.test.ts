import { afterAll, beforeAll, expect, test } from 'vitest'
import { createContact } from '../contacts/write.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { createView, openView } from './operations.ts'

let world: CrmWorld
beforeAll(async () => {
  world = await crmWorld()
})
afterAll(() => world.close())

test('a saved filter finds what it asks for, page by page', async () => {
  const tenant = crypto.randomUUID()
  for (const name of ['Anna', 'Bo', 'Carl']) await world.call(createContact, { name, tags: ['vip'] }, tenant)
  await world.call(createContact, { name: 'Dorte' }, tenant)
  const saved = { name: 'Vigtige', resource: 'contacts' as const, query: { tag: 'VIP', sort: '-name' } }
  const { id } = await world.call(createView, saved, tenant)
  const first = await world.call(openView, { id, limit: 2 }, tenant)
  expect(first).toMatchObject({
    name: 'Vigtige',
    resource: 'contacts',
    items: [{ name: 'Carl' }, { name: 'Bo' }],
  })
  const next = await world.call(openView, { id, limit: 2, cursor: first.nextCursor! }, tenant)
  expect(next).toMatchObject({ items: [{ name: 'Anna' }], nextCursor: null })
})

test('a saved filter shows nothing to somebody who may not see its list', async () => {
  const { id } = await world.call(createView, { name: 'Alle', resource: 'contacts', query: {} })
  const opened = world.call(openView, { id }, world.tenant, { permissions: new Set(['crm.views:read']) })
  await expect(opened).rejects.toMatchObject({ code: 'forbidden' })
})

test('a filter that its list would refuse is not saved', async () => {
  const saved = world.call(createView, { name: 'Forkert', resource: 'deals', query: { sort: 'nothing' } })
  await expect(saved).rejects.toMatchObject({ code: 'invalid_input' })
})
