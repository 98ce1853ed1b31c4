import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as later } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { TestCore } from '../testing/core.ts'
import { bring } from '../testing/mill/mill.ts'
import type { WorkerSettings } from './worker.fixture.ts'

const fixture = fileURLToPath(new URL('./worker.fixture.ts', import.meta.url))

/** A worker in a process of its own, once it works. */
export async function spawnWorker(world: TestCore, change: Partial<WorkerSettings>): Promise<ChildProcess> {
  const { adminUrl, runtimeUrl, secret } = world
  const settings: WorkerSettings = { adminUrl, runtimeUrl, secret: secret.toString('base64'), ...change }
  const worker = spawn(process.execPath, [fixture, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(worker.stdout!, 'data')
  return worker
}

export async function end(worker: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  worker.kill(signal)
  await once(worker, 'exit')
}

/** Brings a sack so many times, and tries again what was refused; a call whose answer was lost is known again by its key. */
export async function bringWhateverHappens(world: TestCore, company: string, times: number): Promise<void> {
  const [sack, idempotencyKey] = [randomUUID(), randomUUID()]
  const caller = world.callerOf(company, { idempotencyKey })
  const attempt = () =>
    world.core.invoke(bring, { sack, times }, caller).then(
      () => true,
      () => false,
    )
  while (!(await attempt())) await later(50)
}

/** What was ground for each sack, in the order in which it was: 1, 2, 3, … where everything was done once and in order. */
export async function groundOf({ admin }: TestCore, company: string): Promise<number[][]> {
  const { rows } = await admin.query<{ numbers: number[] }>(
    'SELECT array_agg(number ORDER BY position) AS numbers FROM mill.flour WHERE tenant_id = $1 GROUP BY sack',
    [company],
  )
  return rows.map(({ numbers }) => numbers)
}

/** What `groundOf` answers when every event has had its effect once, and those of a sack in their order. */
export function balanced(sacks: number, times: number): number[][] {
  const all = Array.from({ length: times }, (_, place) => place + 1)
  return Array.from({ length: sacks }, () => all)
}

/** About so large a part of all connections of this database loses its server, whoever has it. */
export const throwOut = ({ admin }: TestCore, part: number): Promise<unknown> =>
  admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < $1`,
    [part],
  )
