import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openJobStore } from '#core'
import { domainWorld, type DomainWorld } from '#core/testing'
import { crm } from '#plugins/crm'
import { leads } from '#plugins/leads'
import { leadHistory } from './history.ts'
import { getLead } from './read.ts'
import { createLead } from './write.ts'

let world: DomainWorld
beforeAll(async () => {
  world = await domainWorld([crm, leads])
  const { config, log, secret } = world.core
  world.core.jobs.start(() => openJobStore({ config, adminUrl: world.adminUrl, secret, log }))
})
afterAll(async () => {
  await world.core.jobs.stop()
  await world.close()
})

const count = async (text: string, tenant: string): Promise<number> =>
  (await world.admin.query(text, [tenant])).rows.length
const unfinished = (tenant: string) =>
  count(
    `SELECT FROM platform.jobs WHERE tenant_id = $1 AND ended_at IS NULL
     UNION ALL SELECT FROM platform.outbox WHERE tenant_id = $1 AND relayed_at IS NULL`,
    tenant,
  )
async function quiet(tenant: string): Promise<void> {
  await expect.poll(() => unfinished(tenant), { interval: 50 }).toBe(0)
}

test('events that are delivered twice have each of their effects once', async () => {
  const tenant = randomUUID()
  const given = { name: 'Bente Skov', email: 'bente@havneby.example', companyName: 'Havneby Tandklinik' }
  const { id } = await world.call(createLead, given, tenant)
  await expect.poll(async () => (await world.call(getLead, { id }, tenant)).contactId).not.toBeNull()
  await quiet(tenant)

  await world.admin.query('UPDATE platform.outbox SET relayed_at = NULL WHERE tenant_id = $1', [tenant])
  await quiet(tenant)

  for (const table of ['contacts', 'companies', 'tasks'])
    expect(await count(`SELECT FROM crm.${table} WHERE tenant_id = $1`, tenant), table).toBe(1)
  const { items } = await world.call(leadHistory, { id }, tenant)
  expect(items.map(({ kind }) => kind)).toEqual(['linked', 'created'])
  const { rows } = await world.admin.query<{ name: string; status: string }>(
    'SELECT name, status FROM platform.jobs WHERE tenant_id = $1 ORDER BY name',
    [tenant],
  )
  expect(rows).toEqual([
    { name: 'crm.contacts.adoptLead', status: 'done' },
    { name: 'crm.tasks.callAdopted', status: 'done' },
    { name: 'leads.leads.linkAdopted', status: 'done' },
  ])
})

test('a lead that the CRM is told of again is not called again', async () => {
  const tenant = randomUUID()
  const given = { name: 'Ib Holm', email: 'ib@strandby.example' }
  const { id } = await world.call(createLead, given, tenant)
  await quiet(tenant)
  const adopt = world.core.registry.find('crm.contacts.adopt')!
  const { contact } = (await world.call(adopt, { ...given, leadId: id }, tenant)) as {
    contact: { id: string; outcome: string }
  }
  expect(contact).toMatchObject({ id: (await world.call(getLead, { id }, tenant)).contactId, outcome: 'matched' }) // prettier-ignore
  await Promise.all([1, 2].map(() => world.call(adopt, { ...given, leadId: id }, tenant)))
  await quiet(tenant)
  expect(await count('SELECT FROM crm.tasks WHERE tenant_id = $1', tenant)).toBe(1)

  // Another lead of the same person is somebody who has written anew.
  await Promise.all([1, 2].map(() => world.call(adopt, { ...given, leadId: randomUUID() }, tenant)))
  await quiet(tenant)
  expect(await count('SELECT FROM crm.tasks WHERE tenant_id = $1', tenant)).toBe(3)
})
