import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { sql } from '../database/sql.ts'
import { createLogger } from '../observability/log.ts'
import type { AnyOperation, InputOf } from '../operations/operation.ts'
import { testCore, type TestCore } from '../testing/core.ts'
import { mill } from '../testing/mill/mill.ts'
import type { JobsSettings } from './jobs.ts'
import { openPostgresStore } from './postgresStore.ts'
import type { JobStore } from './store.ts'

export const log = createLogger({ level: 'silent', format: 'json' })

/** Quick, so that a fault shows within a test's patience. */
export const quick: Partial<JobsSettings> = { lookEvery: 100, sweepEvery: 300, askAfter: 1, firstWait: 0.02 }

export interface Flour {
  readonly sack: string
  readonly number: number
  readonly actor: string
  readonly begun_at: Date
  readonly ended_at: Date
}

export interface JobRow {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly attempts: number
  readonly priority: number
  readonly run_at: Date
  readonly started_at: Date | null
  readonly piece: number
  readonly code: string | null
  readonly reason: { readonly da: string; readonly en: string } | null
}

/** A mill with workers, and a look behind the scenes. */
export interface JobsWorld extends TestCore {
  readonly openStore: () => Promise<JobStore>
  newCompany(): Company
  start(settings?: Partial<JobsSettings>): void
}

export interface Company {
  readonly id: string
  run<Asked extends AnyOperation>(operation: Asked, input: InputOf<Asked>): Promise<Record<string, unknown>>
  /** Does this while the mill is switched off for the company: what is asked for meanwhile is handed out together. */
  together(asking: () => Promise<unknown>): Promise<void>
  /** Calls an operation of the core's own. */
  call(operation: string, input: object): Promise<Record<string, unknown>>
  flour(): Promise<Flour[]>
  jobs(): Promise<JobRow[]>
  /** Whether nothing is left in the outbox. */
  isRelayed(): Promise<boolean>
  /** Waits until nothing is left to be done. */
  settled(): Promise<JobRow[]>
}

export async function jobsWorld(open?: (world: TestCore) => Promise<JobStore>): Promise<JobsWorld> {
  const world = await testCore([mill])
  const openStore = () => (open ? open(world) : openPostgresStore({ adminUrl: world.adminUrl, log }))
  return {
    ...world,
    openStore,
    newCompany: () => companyOf(world, randomUUID()),
    start: (settings) => world.core.jobs.start(openStore, { ...quick, ...settings }),
    close: async () => {
      await world.core.jobs.stop()
      await world.close()
    },
  }
}

export function companyOf({ core, callerOf, admin }: TestCore, id: string): Company {
  const rows = async <Row>(text: string): Promise<Row[]> => (await admin.query(text, [id])).rows as Row[]
  const company: Company = {
    id,
    run: async (operation, input) => (await core.invoke(operation, input, callerOf(id))).value as never,
    together: async (asking) => {
      await rows(`INSERT INTO platform.tenants (tenant_id, name) VALUES ($1, 'Test') ON CONFLICT DO NOTHING`)
      await rows(`INSERT INTO platform.domains_off (tenant_id, domain) VALUES ($1, 'mill')`)
      await asking()
      await rows(`DELETE FROM platform.domains_off WHERE tenant_id = $1 AND domain = 'mill'`)
    },
    call: async (name, input) =>
      (await core.invoke(core.registry.find(name)!, input, callerOf(id))).value as never,
    flour: () => rows('SELECT * FROM mill.flour WHERE tenant_id = $1 ORDER BY position'),
    jobs: () => rows('SELECT * FROM platform.jobs WHERE tenant_id = $1 ORDER BY position'),
    isRelayed: async () =>
      (await rows('SELECT FROM platform.outbox WHERE tenant_id = $1 AND relayed_at IS NULL')).length === 0,
    settled: async () => {
      await expect.poll(() => rows(stillToDo), { interval: 20 }).toEqual([])
      return company.jobs()
    },
  }
  return company
}

const stillToDo = sql`
  SELECT name, status, code FROM platform.jobs WHERE tenant_id = ${''} AND ended_at IS NULL
  UNION ALL SELECT type, 'unrelayed', NULL FROM platform.outbox WHERE tenant_id = ${''} AND relayed_at IS NULL`.text.replaceAll(
  '$2',
  '$1',
)
