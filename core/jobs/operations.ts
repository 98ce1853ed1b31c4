import { z } from 'zod'
import { sql } from '../database/sql.ts'
import { fail, fault } from '../errors.ts'
import type { WriteContext } from '../operations/context.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { LocaleFile } from '../operations/plugin.ts'
import { getOperation, idOf, listOperation } from '../resources/reads.ts'
import { itemStatement } from '../resources/resource.ts'
import type { JobChanges } from './changes.ts'
import { explainJob } from './explain.ts'
import { bothSentences } from './failure.ts'
import type { WorkHints } from './hints.ts'
import { listKinds, type KindParts } from './kinds.ts'
import da from './locales/da.json' with { type: 'json' }
import en from './locales/en.json' with { type: 'json' }
import { JobItem, jobs, statuses } from './record.ts'

export interface JobOperationParts extends KindParts {
  readonly hints: Pick<WorkHints, 'give' | 'cancel'>
  readonly jobChanges: JobChanges
}

const jobId = idOf(jobs.en)
const listed = {
  name: 'platform.jobs.list',
  summary: 'List what is done later: jobs and what follows on events',
} as const
const got = {
  name: 'platform.jobs.get',
  summary: 'Get one job: how far it is, how it ended, and why',
} as const
const lists = { da: listOperation(jobs.da, listed), en: listOperation(jobs.en, listed) }
const gets = { da: getOperation(jobs.da, got), en: getOperation(jobs.en, got) }
const listJobs: typeof lists.en = { ...lists.en, query: (asked, who) => lists[who.locale].query!(asked, who) }
const getJob: typeof gets.en = { ...gets.en, query: (asked, who) => gets[who.locale].query!(asked, who) }

const Figure = z.object({
  name: z.string(),
  status: z.enum(statuses),
  jobs: z.int(),
  /** When the oldest of them was asked for. */
  oldestAt: z.iso.datetime({ offset: true }),
})

const listFigures = operation({
  name: 'platform.jobStatistics.list',
  summary: 'Count the jobs by name and status, with the age of the oldest',
  effect: 'read',
  input: z.strictObject({}),
  output: z.object({ items: z.array(Figure), nextCursor: z.null() }),
  query: () => sql`
    SELECT json_build_object('items', coalesce(json_agg(f ORDER BY f.name, f.status), '[]'), 'nextCursor', NULL)::text AS json
    FROM (SELECT j.name, j.status, count(*) AS jobs, min(j.created_at) AS "oldestAt" FROM platform.jobs j
      WHERE j.tenant_id = (SELECT app.tenant()) GROUP BY 1, 2) f`,
})

const notEnded = {
  da: 'det er ikke mislykket eller annulleret.',
  en: 'it has neither failed nor been cancelled.',
}
const hasEnded = { da: 'det er allerede slut.', en: 'it has ended already.' }
const unread = {
  da: 'ingen her kender hændelsen. Opdater det, der sender den.',
  en: 'nobody here knows the event. Update what sends it.',
}

/** What admins do about jobs. Every one of these is repeated without harm. */
export function jobOperations({ hints, jobChanges, ...kinds }: JobOperationParts): AnyOperation[] {
  const retry = operation({
    name: 'platform.jobs.retry',
    summary: 'Have a job done again that has failed or was cancelled',
    effect: 'write',
    input: z.strictObject({ id: jobId }),
    output: JobItem,
    async run({ id }, context) {
      const { status, code } = await jobById(context, id)
      if (code === 'event_unknown') fail('conflict', { reason: unread })
      if (status !== 'failed' && status !== 'cancelled') fail('conflict', { reason: notEnded })
      await context.query(begunAnew(id))
      return jobById(context, id)
    },
    afterCommit: async (job, { tenant }) => {
      hints.give()
      jobChanges.moved({ ...job, tenant: tenant.id })
      return job
    },
  })
  const cancel = operation({
    name: 'platform.jobs.cancel',
    summary: 'Cancel a job: one that waits at once, one that runs before its next piece',
    effect: 'write',
    input: z.strictObject({ id: jobId }),
    output: JobItem,
    async run({ id }, context) {
      if ((await jobById(context, id)).endedAt !== null) fail('conflict', { reason: hasEnded })
      await context.query(sql`${cancelled} AND j.id = ${id}`)
      return jobById(context, id)
    },
    afterCommit: async (job, { tenant }) => {
      hints.cancel(job.id)
      jobChanges.moved({ ...job, tenant: tenant.id })
      return job
    },
  })
  const drain = operation({
    name: 'platform.jobs.drain',
    summary: 'Cancel every job of one name that has not begun',
    effect: 'write',
    input: z.strictObject({
      name: z
        .string()
        .min(1)
        .max(200)
        .meta({ examples: ['crm.imports.advance'] }),
    }),
    output: z.object({ cancelled: z.int() }),
    async run({ name }, context) {
      const gone = await context.query(
        sql`${cancelled} AND j.name = ${name} AND j.status IN ('held', 'waiting') RETURNING 1`,
      )
      return { cancelled: gone.length }
    },
    afterCommit: async (drained, { tenant }) => {
      jobChanges.many(tenant.id)
      return drained
    },
  })
  return [listJobs, getJob, explainJob(kinds), listKinds(kinds), listFigures, retry, cancel, drain]
}

async function jobById(context: WriteContext, id: string): Promise<z.output<typeof JobItem>> {
  const [row] = await context.query<{ json: string }>(itemStatement(jobs[context.locale], id, context))
  return row ? JobItem.parse(JSON.parse(row.json)) : fail('not_found')
}

/** It waits for those of its subject that have been begun since. */
const begunAnew = (id: string) => sql`
  UPDATE platform.jobs j SET ended_at = NULL, attempts = 0, run_at = now(), cancelling = false, code = NULL, reason = NULL,
    version = j.version + 1, updated_at = now(), status = CASE WHEN j.subject IS NOT NULL AND EXISTS (
      SELECT FROM platform.jobs o WHERE o.tenant_id = j.tenant_id AND o.name = j.name AND o.subject = j.subject
        AND o.status IN ('held', 'waiting', 'running')) THEN 'held' ELSE 'waiting' END
  WHERE j.tenant_id = (SELECT app.tenant()) AND j.id = ${id} AND j.status IN ('failed', 'cancelled')`

const cancelled = sql`
  UPDATE platform.jobs j SET cancelling = true, version = j.version + 1, updated_at = now(),
    status = CASE WHEN j.status = 'running' THEN 'running' ELSE 'cancelled' END,
    ended_at = CASE WHEN j.status = 'running' THEN NULL ELSE now() END,
    code = 'job_cancelled', reason = ${JSON.stringify(bothSentences(fault('job_cancelled')))}::jsonb
  WHERE j.tenant_id = (SELECT app.tenant()) AND j.ended_at IS NULL`

export const jobWords: { readonly da: LocaleFile; readonly en: LocaleFile } = { da, en }
