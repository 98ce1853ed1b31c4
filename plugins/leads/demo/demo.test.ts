import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnyOperation, InputOf, OutputOf, DemoCompany } from '#core'
import { testCore, type TestCore } from '#core/testing'
import { crm } from '#plugins/crm'
import { leads } from '#plugins/leads'
import { listLeads } from '../leads/read.ts'
import { leadScore } from '../scoring/score.ts'

let world: TestCore
const tenants = { nordlys: randomUUID(), fjordit: randomUUID() }
const people = [
  { id: randomUUID(), name: 'Anna Nordlys', email: 'anna@nordlys.example' },
  { id: randomUUID(), name: 'Mikkel Brandt', email: 'mikkel@nordlys.example' },
]

beforeAll(async () => {
  world = await testCore([crm, leads])
  for (const key of ['nordlys', 'fjordit'] as const) await furnish(key, tenants[key])
})
afterAll(() => world.close())

const furnish = (key: DemoCompany['key'], tenant: string) =>
  world.core.furnish(world.callerOf(tenant), async (context) => {
    for (const { demo } of [crm, leads]) await demo!(context, { key, name: key, people })
  })

const call = async <O extends AnyOperation>(operation: O, input: InputOf<O>, tenant: string) =>
  (await world.core.invoke(operation, input, world.callerOf(tenant))).value as OutputOf<O>
const all = async (tenant: string) => (await call(listLeads, { limit: 200 }, tenant)).items

test('each company has some dozens of leads in every status, some of whom have become customers', async () => {
  for (const tenant of Object.values(tenants)) {
    const found = await all(tenant)
    expect(found.length).toBeGreaterThanOrEqual(30)
    const statuses = new Set(found.map(({ status }) => status))
    expect([...statuses].toSorted()).toEqual(['contacted', 'converted', 'disqualified', 'new', 'qualified'])
    const customers = found.filter(({ status }) => status === 'converted')
    expect(customers.every(({ contactId }) => contactId !== null)).toBe(true)
    expect(found.every(({ createdAt }) => Date.parse(createdAt) <= Date.now())).toBe(true)
  }
})

test('every score is the sum of its reasons', async () => {
  for (const lead of await all(tenants.nordlys)) {
    const { score, items } = await call(leadScore, { id: lead.id }, tenants.nordlys)
    expect([lead.score, score]).toEqual([items.reduce((sum, { points }) => sum + points, 0), lead.score])
  }
})

test('a company is furnished the same every time, and tells nobody of it', async () => {
  const again = randomUUID()
  await furnish('nordlys', again)
  const withoutIds = async (tenant: string) =>
    (await all(tenant)).map(({ name, email, phone, status, score, message }) => ({ name, email, phone, status, score, message })) // prettier-ignore
  const sorted = async (tenant: string) =>
    (await withoutIds(tenant)).toSorted((a, b) => a.name.localeCompare(b.name))
  expect(await sorted(again)).toEqual(await sorted(tenants.nordlys))
  const { rows } = await world.admin.query(`SELECT 1 FROM platform.outbox WHERE type LIKE 'leads.%'`)
  expect(rows).toEqual([])
})
