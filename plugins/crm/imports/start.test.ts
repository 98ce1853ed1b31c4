import { afterAll, beforeAll, expect, test } from 'vitest'
import { openJobStore } from '#core'
import { importing } from '../testing/importing.ts'
import { crmWorld, type CrmWorld } from '../testing/world.ts'
import { cancelImport } from './operations.ts'
import { startImport } from './start.ts'

let world: CrmWorld
let imports: ReturnType<typeof importing>
beforeAll(async () => {
  world = await crmWorld()
  imports = importing(world)
})
afterAll(async () => {
  await world.core.jobs.stop()
  await world.close()
})

const work = () => {
  const { core, adminUrl } = world
  core.jobs.start(() => openJobStore({ ...core, adminUrl }))
}

const file = (rows: number): string =>
  ['Navn;E-mail', ...Array.from({ length: rows }, (_, row) => `Person ${row};p${row}@x.example`)].join('\n')

const figuresOf = async (tenant: string): Promise<unknown> =>
  (
    await world.admin.query(
      `SELECT i.status, i.done, (SELECT count(*)::int FROM crm.contacts c WHERE c.tenant_id = i.tenant_id) AS contacts,
        (SELECT array_agg(j.status || ' ' || j.progress_done || '/' || j.progress_total) FROM platform.jobs j
          WHERE j.tenant_id = i.tenant_id AND j.name = 'crm.imports.run') AS jobs
       FROM crm.imports i WHERE i.tenant_id = $1`,
      [tenant],
    )
  ).rows[0]

test('an import goes on by itself, tells how far it is, and one that is started twice takes no row twice', async () => {
  work()
  const tenant = crypto.randomUUID()
  const { id } = await imports.receive(file(4_100), 'stor.csv', tenant)
  expect(await world.call(startImport, { id }, tenant)).toMatchObject({ status: 'running', done: 0 })
  await world.call(startImport, { id }, tenant)
  await expect
    .poll(() => figuresOf(tenant))
    .toEqual({
      status: 'finished',
      done: 4_100,
      contacts: 4_100,
      jobs: ['done 4100/4100', 'done 4100/4100'],
    })
  const { rows } = await world.admin.query(
    `SELECT payload->'done' AS done FROM platform.outbox WHERE tenant_id = $1 AND type = 'crm.imports.advanced' ORDER BY id`,
    [tenant],
  )
  expect(rows.map(({ done }) => done as number)).toEqual([2_000, 4_000, 4_100])
  await expect(world.call(startImport, { id }, tenant)).rejects.toMatchObject({ code: 'crm_import_settled' })
  await world.core.jobs.stop()
})

test('one that is cancelled before its turn takes no row', async () => {
  const tenant = crypto.randomUUID()
  const { id } = await imports.receive(file(3), 'lille.csv', tenant)
  await world.call(startImport, { id }, tenant)
  await world.call(cancelImport, { id }, tenant)
  work()
  await expect
    .poll(() => figuresOf(tenant))
    .toMatchObject({ status: 'cancelled', done: 0, contacts: 0, jobs: ['done 0/3'] })
})
