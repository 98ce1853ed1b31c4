import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { exhausted, usageWorld } from './testWorld.ts'
import { keepUsage } from './upkeep.ts'

const fixture = fileURLToPath(new URL('./killed.fixture.ts', import.meta.url))

test('a call whose process is killed holds its part of the budget back, and counts as all of it once its lease is over', async () => {
  const world = await usageWorld()
  const { tenant } = world.account
  await world.admin.query(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Test')`, [tenant])
  await world.budget({ mostCost: 300 })
  const sent = JSON.stringify({ url: world.runtimeUrl, call: world.planned() })
  const child = spawn(process.execPath, [fixture, sent], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')

  await expect(world.meters[0].begin(world.planned())).rejects.toMatchObject(exhausted)
  await keepUsage({ database: world.database, clock: world.clock })
  expect(await world.calls()).toMatchObject([{ status: 'reserved' }])
  await world.leaseRunsOut()
  await Promise.all(
    [world.database, world.second].map((database) => keepUsage({ database, clock: world.clock })),
  )
  expect(await world.calls()).toMatchObject([
    { status: 'abandoned', measured: 'estimated', costMicros: 2_000_000 },
  ])
  expect(await world.budgets()).toMatchObject([{ spentCost: 200 }])
  await world.close()
})
