import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { TenantTransaction } from '../database/database.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Caller } from '../operations/caller.ts'
import { personOf } from '../operations/context.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { JobChange } from './changes.ts'
import { priorities, type Job } from './job.ts'

export interface EnqueueOptions {
  /** Not before this time. */
  readonly at?: Date
  /** What is asked for under one key is done once, however often it is asked for. */
  readonly key?: string
  /** Jobs of one name and subject run one after the other, in the order in which they were asked for. */
  readonly subject?: string
  /** Overrides the job's own. */
  readonly priority?: Job['priority']
}

/** A job on its way to the table. */
export interface QueuedJob {
  readonly id: string
  readonly name: string
  readonly input: unknown
  readonly subject: string | undefined
  readonly priority: number
  readonly run_at: string | undefined
}

/** Bytes of the largest input or output: what is larger belongs into a table of its plugin, and an id stands for it. */
const largest = 256 * 1024
const limit = '256 KB'

export function queuedJob<Doing extends AnyOperation>(
  { name, priority }: Job<Doing>,
  parsed: unknown,
  input: unknown,
  options: EnqueueOptions = {},
): QueuedJob {
  if (!isSmall(parsed)) fail('too_large', { limit })
  return {
    id: options.key === undefined ? uuidv7() : keyedId(name, options.key),
    name,
    input,
    subject: options.subject,
    priority: priorities.indexOf(options.priority ?? priority ?? 'usual'),
    run_at: options.at?.toISOString(),
  }
}

export function requireSmallOutput(output: unknown): void {
  if (!isSmall(output)) fail('job_output_too_large', { limit })
}

const isSmall = (value: unknown): boolean => Buffer.byteLength(JSON.stringify(value) ?? '') <= largest

/** The same as `platform.keyed_id`: a UUID of version 8 (RFC 9562), made of what it stands for. */
export function keyedId(name: string, key: string): string {
  const digits = createHash('sha256').update(`${name} ${key}`).digest('hex').slice(0, 32).split('')
  digits[12] = digits[16] = '8'
  return digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/**
 * Stores what is to be done later with the change itself; workers hear of it after the commit. A rule is not handed on:
 * it was approved for one operation. What led to the call is.
 */
export function storeJobs(
  transaction: TenantTransaction,
  caller: Caller,
  jobs: readonly QueuedJob[],
  onStored: (jobs: readonly JobChange[]) => void,
): void {
  if (jobs.length === 0) return
  transaction.afterCommit(() => onStored(jobs.map((job) => asked(caller, job))))
  transaction.queryWithCommit(sql`
    SELECT platform.add_jobs(${JSON.stringify(jobs)}::jsonb, ${personOf(caller.actor) ?? null}::uuid, NULL,
      ${caller.origin.requestId})`)
  const { cause } = caller
  if (!cause) return
  transaction.queryWithCommit(sql`
    UPDATE platform.jobs SET depth = ${cause.depth}, automations = ${[...cause.automations]}::uuid[]
    WHERE tenant_id = (SELECT app.tenant()) AND id = ANY(${jobs.map(({ id }) => id)}::uuid[]) AND depth = 0`)
}

const asked = ({ tenant, actor }: Caller, { id, name }: QueuedJob): JobChange => ({
  tenant: tenant.id,
  id,
  name,
  personId: personOf(actor) ?? null,
  status: 'waiting',
})
