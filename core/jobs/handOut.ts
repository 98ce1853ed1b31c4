import type { Database } from '../database/database.ts'
import { prepared, sql, unhurried } from '../database/sql.ts'
import { fault } from '../errors.ts'
import { bothSentences } from './failure.ts'
import type { JobStore, Parcel } from './store.ts'
import type { WorkList } from './work.ts'

export interface Handing {
  /** Jobs of one company that are with the workers at a time. */
  readonly mostOfCompany: number
  /** Jobs in one parcel; more where there is much to be done. */
  readonly parcelSize: number
  /** Seconds after which the queue is asked whether it still has a parcel. */
  readonly askAfter: number
}

export interface HandOut {
  /** Gives the queue what may be done now. */
  look(): Promise<boolean>
  /** Takes back what the queue has lost, and mends what stands still. */
  sweep(): Promise<boolean>
}

interface Row {
  readonly batch: string
  readonly tenant_id: string
  readonly priority: number
  readonly ids: readonly string[]
}

/** Milliseconds that the queue gets to take parcels; what it took nevertheless is found there by the sweep. */
const patience = 10_000
const mostAsked = 500

export function createHandOut(
  database: Database,
  work: WorkList,
  store: () => JobStore | undefined,
  handing: Handing,
): HandOut {
  const rules = JSON.stringify(work.all.map((each) => ruleOf(each, handing)))
  const lost = JSON.stringify(bothSentences(fault('job_abandoned')))
  const unknown = JSON.stringify(bothSentences(fault('job_unknown')))
  const takeBack = (ids: readonly string[], begun: boolean) =>
    database.platformStatement(
      sql`SELECT platform.take_back_jobs(${[...ids]}::uuid[], ${begun}, ${rules}::jsonb, ${lost}::jsonb)`,
    )
  return {
    look: async () => {
      const queue = store()
      if (!queue) return false
      const rows = await database.platformStatement<Row>(
        prepared(
          'tekup_hand_out_jobs',
          sql`SELECT h.* FROM ${unhurried},
            platform.hand_out_jobs(${rules}::jsonb, ${handing.mostOfCompany}::integer, ${handing.parcelSize}::integer) AS h`,
        ),
      )
      if (rows.length === 0) return false
      const parcels = rows.map(parcelOf)
      await within(patience, queue.hand(parcels)).catch(async (error: unknown) => {
        await takeBack(
          parcels.map(({ id }) => id),
          false,
        )
        throw error
      })
      // All that may be done now has been handed out; what may be done next is told by the end of something.
      return false
    },
    sweep: async () => {
      await database.platformStatement(
        sql`SELECT platform.mend_jobs(${work.all.map(({ name }) => name)}, ${unknown}::jsonb)`,
      )
      const old = await database.platformStatement<{ batch: string }>(
        sql`SELECT batch FROM platform.old_batches(${handing.askAfter}::numeric, ${mostAsked}::integer)`,
      )
      const queue = store()
      if (old.length === 0 || !queue) return false
      const missing = await within(patience, queue.missing(old.map(({ batch }) => batch)))
      if (missing.length > 0) await takeBack(missing, true)
      return missing.length > 0
    },
  }
}

const ruleOf = (
  { name, plugin, concurrency, perMinute, attempts }: WorkList['all'][number],
  { mostOfCompany }: Handing,
) => ({
  name,
  plugin,
  concurrency: concurrency ?? mostOfCompany,
  per_minute: perMinute ?? null,
  attempts,
})

const parcelOf = ({ batch, tenant_id: tenant, ids, priority }: Row): Parcel => ({
  id: batch,
  tenant,
  jobs: ids,
  priority,
})

function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The queue of jobs did not answer within ${ms / 1000} seconds.`)),
      ms,
    )
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
