import type { Database, TenantTransaction } from '../database/database.ts'
import { prepared, sql } from '../database/sql.ts'
import { bothSentences, type Failure } from './failure.ts'
import type { Progress } from './job.ts'
import type { Parcel } from './store.ts'
import type { Work } from './work.ts'

/** A job as a worker reads it. */
export interface Row {
  readonly tenant_id: string
  readonly id: string
  readonly name: string
  readonly input: unknown
  readonly event_id: string | null
  readonly at: Date
  readonly person_id: string | null
  readonly rule_id: string | null
  readonly request_id: string
  readonly depth: number
  readonly automations: readonly string[]
  readonly attempts: number
  readonly piece: number
  readonly cancelling: boolean
  readonly is_old: boolean
  readonly tenant_name: string | null
  readonly domains_off: readonly string[]
}

/** Hours that the platform itself may be in the way before a job counts as failed. */
const patienceHours = 24

/** Those of the parcel that still have to be done, by this parcel. */
export const readParcel = (database: Database, { id, tenant, jobs }: Parcel): Promise<Row[]> =>
  database.read<Row>(
    tenant,
    prepared(
      'tekup_read_parcel',
      sql`
        SELECT j.tenant_id, j.id, j.name, coalesce(j.input, o.payload) AS input, j.event_id, coalesce(o.at, j.created_at) AS at,
          j.person_id, j.rule_id, j.request_id, j.attempts, j.piece, j.cancelling, greatest(j.depth, o.depth) AS depth,
          CASE WHEN o.depth > j.depth THEN o.automations ELSE j.automations END AS automations,
          j.created_at < now() - make_interval(hours => ${patienceHours}) AS is_old, t.name AS tenant_name,
          ARRAY(SELECT d.domain FROM platform.domains_off d WHERE d.tenant_id = j.tenant_id) AS domains_off
        FROM platform.jobs j
          LEFT JOIN platform.outbox o ON o.tenant_id = j.tenant_id AND o.id = j.event_id
          LEFT JOIN platform.tenants t ON t.tenant_id = j.tenant_id
        WHERE j.tenant_id = (SELECT app.tenant()) AND j.id = ANY(${[...jobs]}::uuid[]) AND j.status = 'running'
          AND j.batch = ${id}::uuid
        ORDER BY j.position`,
    ),
  )

export interface After {
  readonly next?: unknown
  readonly progress?: Progress | undefined
}

/** What the table is told of the end of a piece. */
const endOf = ({ id, attempts, piece }: Row, { next, progress }: After) => ({
  id,
  attempts,
  piece,
  next,
  progress_done: progress?.done,
  progress_total: progress?.total,
})

const endPieces = (ends: readonly ReturnType<typeof endOf>[]) =>
  prepared('tekup_end_pieces', sql`SELECT platform.end_pieces(${JSON.stringify(ends)}::jsonb)`)

/** Ends the piece in the transaction of its effect; a piece that has ended elsewhere undoes that transaction. */
export const endWithin = (transaction: TenantTransaction, row: Row, after: After): void =>
  transaction.gatherWithCommit(endPieces, endOf(row, after))

/** Ends a piece that had no effect. */
export async function endAlone(database: Database, row: Row, after: After): Promise<void> {
  await database.write(row.tenant_id, endPieces([endOf(row, after)]))
}

export interface Trying {
  /** Seconds of the first wait at most; each next one is four times as long, up to a quarter of an hour. */
  readonly firstWait: number
}

/** Notes that a piece did not work; answers where the job stands now, or nothing when it has ended elsewhere. */
export async function noteFailure(
  database: Database,
  row: Row,
  failure: Failure,
  { attempts }: Pick<Work, 'attempts'>,
  { firstWait }: Trying,
): Promise<string | undefined> {
  const { fault } = failure
  const verdict = failure.verdict === 'later' && row.is_old ? 'never' : failure.verdict
  const [noted] = await database.write<{ status: string | null }>(
    row.tenant_id,
    prepared(
      'tekup_fail_job',
      sql`SELECT platform.fail_job(${row.id}::uuid, ${row.attempts}::integer, ${row.piece}::integer, ${verdict}, ${attempts}::integer,
        ${firstWait}::numeric, ${fault.code}, ${JSON.stringify(bothSentences(fault))}::jsonb) AS status`,
    ),
  )
  return noted?.status ?? undefined
}
