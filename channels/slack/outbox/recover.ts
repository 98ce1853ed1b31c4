import type { Core } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Known } from './delivery.ts'
import type { Pace } from './pace.ts'
import type { Row } from './row.ts'
import type { Rows } from './rows.ts'

interface RecoveryParts {
  readonly core: Pick<Core, 'log'>
  readonly rows: Rows
  readonly pace: Pick<Pace, 'sweep'>
  send(workspace: Workspace, row: Row, known: Known): Promise<string>
}

/** Milliseconds between two looks. */
const every = 30_000
const mostAtOnce = 100
const mostSwept = 5_000
/** Looks between two sweeps: those go through all companies' rows. */
const looksASweep = 20

/** Sends what dead processes left, and lets go of what was settled long ago; looks again every half minute. */
export function createRecovery({ core, rows, pace, send }: RecoveryParts) {
  let going: Promise<void> | undefined
  let looks = 0
  const run = (): Promise<void> => (going ??= look().finally(() => (going = undefined)))
  const timer = setInterval(() => run().catch(warn), every).unref()
  const warn = (error: unknown): void =>
    core.log.warn({ err: error }, 'something left in Slack’s outbox could not be sent')

  async function look(): Promise<void> {
    if (looks++ % looksASweep === 0) await sweep()
    const left = await rows.left(mostAtOnce)
    const sending: Promise<unknown>[] = []
    // In the order in which they were kept: what is in one thread then goes out in that order.
    for (const place of left.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
      const row = await rows.claim(place)
      const workspace = row && (await rows.workspaceOf(row))
      if (workspace) sending.push(send(workspace, row, { isFirst: false }).catch(warn))
    }
    await Promise.all(sending)
  }

  async function sweep(): Promise<void> {
    while ((await rows.sweep(mostSwept)) === mostSwept);
    await pace.sweep()
  }

  return { run, stop: () => clearInterval(timer) }
}
