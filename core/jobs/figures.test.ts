import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, bring } from '../testing/mill/mill.ts'
import { jobsWorld, type JobsWorld } from './testWorld.ts'

let world: JobsWorld
beforeAll(async () => {
  world = await jobsWorld()
})
afterAll(() => world.close())

/** Gauges of work as Prometheus reads them: by status, in whole numbers. */
async function gauge(name: string): Promise<Record<string, number>> {
  const text = await world.core.metrics.text()
  const lines = text.matchAll(new RegExp(`^${name}\\{status="(\\w+)"\\} (\\S+)$`, 'gm'))
  return Object.fromEntries([...lines].map(([, status, value]) => [status!, Math.floor(Number(value))]))
}

test('The figures say how much of all companies together is to be done, and since when', async () => {
  const nothing = { unrelayed: 0, held: 0, waiting: 0, running: 0 }
  expect(await gauge('tekup_work_waiting')).toEqual(nothing)
  expect(await gauge('tekup_work_oldest_seconds')).toEqual(nothing)

  const [one, other] = [world.newCompany(), world.newCompany()]
  await one.run(bring, { sack: randomUUID(), times: 3 })
  await one.run(ask, { sack: 'a', number: 1, times: 2, subject: 'a' })
  await other.run(ask, { sack: 'b', number: 1 })
  await world.admin.query(`UPDATE platform.outbox SET at = at - interval '90 seconds'`)
  await world.admin.query(
    `UPDATE platform.jobs SET run_at = run_at - interval '30 seconds' WHERE tenant_id = $1`,
    [other.id],
  )
  expect(await gauge('tekup_work_waiting')).toEqual({ unrelayed: 3, held: 1, waiting: 2, running: 0 })
  const oldest = await gauge('tekup_work_oldest_seconds')
  expect(oldest['unrelayed']).toBeGreaterThanOrEqual(90)
  expect(oldest['waiting']).toBeGreaterThanOrEqual(30)
  expect(oldest['waiting']).toBeLessThan(90)

  world.start()
  await Promise.all([one.settled(), other.settled()])
  expect(await gauge('tekup_work_waiting')).toEqual(nothing)
  expect(await gauge('tekup_work_oldest_seconds')).toEqual(nothing)
  // A job's time is told once its end is committed.
  await expect
    .poll(() => world.core.metrics.text())
    .toMatch(/^tekup_job_seconds_count\{job="mill.flour.grindLater",code="ok"\} 3$/m)
})
