import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as later } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testCore, type TestCore } from '../testing/core.ts'
import { mill } from '../testing/mill/mill.ts'
import { balanced, bringWhateverHappens, end, groundOf, spawnWorker, throwOut } from './faults.fixture.ts'

let world: TestCore
const workers: ChildProcess[] = []
beforeAll(async () => {
  world = await testCore([mill])
})
afterAll(async () => {
  for (const worker of workers) await end(worker, 'SIGKILL')
  await world.close()
})

const companies = Array.from({ length: 20 }, () => randomUUID())
const sacks = 20
const times = 50

/** Milliseconds: the machine runs every other test at the same time. */
const patience = 1_200_000

test(
  'The books balance after twenty thousand events and faults at random',
  { timeout: patience },
  async () => {
    workers.push(await spawnWorker(world, {}), await spawnWorker(world, {}))
    const over = new AbortController()
    const faults = untilOver(over.signal)
    await Promise.all(companies.map(bringAll))
    await expect.poll(left, { timeout: patience, interval: 500 }).toBe(0)
    over.abort()
    await faults
    for (const company of companies) expect(await groundOf(world, company)).toEqual(balanced(sacks, times))
  },
)

async function bringAll(company: string): Promise<void> {
  for (let sack = 0; sack < sacks; sack++) await bringWhateverHappens(world, company, times)
}

/** Kills a worker and starts another, or takes the server from every third connection, this process's own included. */
async function untilOver(over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await later(1_000 + Math.random() * 3_000)
    if (Math.random() < 0.5) await throwOut(world, 0.33)
    else {
      await end(workers.shift()!, 'SIGKILL')
      workers.push(await spawnWorker(world, {}))
    }
  }
}

/** Events and jobs that have not come to their end. */
async function left(): Promise<number> {
  const { rows } = await world.admin.query<{ left: number }>(`
    SELECT ((SELECT count(*) FROM platform.outbox WHERE relayed_at IS NULL)
      + (SELECT count(*) FROM platform.jobs WHERE ended_at IS NULL))::int AS left`)
  return rows[0]!.left
}
