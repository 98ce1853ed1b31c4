import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DemoCompany } from '#core'
import { testCore, type TestCore } from '#core/testing'
import { crm } from '#plugins/crm'

let world: TestCore
const tenants = { nordlys: randomUUID(), fjordit: randomUUID() }
const people = [{ id: randomUUID(), name: 'Anna Nordlys', email: 'anna@nordlys.example' }]

beforeAll(async () => {
  world = await testCore([crm])
  for (const key of ['nordlys', 'fjordit'] as const) await furnish(key, tenants[key])
})
afterAll(() => world.close())

const furnish = (key: DemoCompany['key'], tenantId: string) =>
  world.core.furnish(world.callerOf(tenantId), (context) => crm.demo!(context, { key, name: key, people }))

interface List {
  readonly items: readonly Readonly<Record<string, unknown>>[]
  readonly nextCursor: string | null
}

async function list(
  tenantId: string,
  operation: string,
  input: Record<string, unknown> = {},
): Promise<List['items']> {
  const found = world.core.registry.find(operation)!
  return ((await world.core.invoke(found, { limit: 200, ...input }, world.callerOf(tenantId))).value as List)
    .items
}

test('Nordlys knows Havneby Tandklinik, with one open deal and Sofie Lund who works there', async () => {
  const { nordlys } = tenants
  expect(await list(nordlys, 'crm.companies.list', { q: 'Havneby' })).toMatchObject([
    { name: 'Havneby Tandklinik' },
  ])
  const deals = await list(nordlys, 'crm.deals.list', { q: 'Havneby' })
  expect(deals).toMatchObject([
    { status: 'open', stageName: 'Møde holdt', companyName: 'Havneby Tandklinik' },
  ])
  const sofie = await list(nordlys, 'crm.contacts.list', { q: 'Sofie Lund' })
  expect(sofie).toMatchObject([{ name: 'Sofie Lund', companyName: 'Havneby Tandklinik' }])
  for (const q of ['Peter Holm', 'Laura Stone']) {
    expect((await list(nordlys, 'crm.contacts.list', { q })).map(({ name }) => name)).toContain(q)
  }
  expect((await list(nordlys, 'crm.contacts.list', { q: 'Bente' })).length).toBe(0)
})

test('ten to fifteen customers have not been talked with for over a month', async () => {
  const lastContactBefore = new Date(Date.now() - 31 * 86_400_000).toISOString()
  for (const tenant of Object.values(tenants)) {
    const neglected = await list(tenant, 'crm.companies.list', { lastContactBefore })
    expect(neglected.length).toBeGreaterThanOrEqual(10)
    expect(neglected.length).toBeLessThanOrEqual(15)
  }
})

test('the two companies have no customer in common', async () => {
  const [one, other] = await Promise.all(
    Object.values(tenants).map((tenant) => list(tenant, 'crm.companies.list')),
  )
  const names = new Set(one!.map(({ name }) => name))
  expect(other!.filter(({ name }) => names.has(name))).toEqual([])
  expect(await list(tenants.fjordit, 'crm.companies.list', { q: 'Havneby' })).toEqual([])
})

test('a company is furnished the same every time', async () => {
  const again = randomUUID()
  await furnish('nordlys', again)
  const withoutIds = async (tenant: string) =>
    (await list(tenant, 'crm.contacts.list')).map(({ name, emails, phones }) => ({ name, emails, phones }))
  expect(await withoutIds(again)).toEqual(await withoutIds(tenants.nordlys))
})
