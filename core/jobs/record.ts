import { z } from 'zod'
import { raw, sql } from '../database/sql.ts'
import type { Locale } from '../language.ts'
import { personOf } from '../operations/context.ts'
import { filter, resource } from '../resources/resource.ts'

export const statuses = ['held', 'waiting', 'running', 'done', 'failed', 'cancelled'] as const
const causes = ['event', 'request', 'schedule', 'rule'] as const
const time = z.iso.datetime({ offset: true })

export const JobItem = z.object({
  id: z.uuid(),
  name: z.string(),
  cause: z.enum(causes),
  status: z.enum(statuses),
  subject: z.string().nullable(),
  /** Who asked for it; nobody where it follows on an event or the clock. */
  personId: z.uuid().nullable(),
  personName: z.string().nullable(),
  /** Tries of the piece that it is at. */
  attempts: z.int(),
  piece: z.int(),
  progressDone: z.int().nullable(),
  progressTotal: z.int().nullable(),
  /** Why it did not work, the last time or for good. */
  code: z.string().nullable(),
  reason: z.string().nullable(),
  runAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  createdAt: time,
  version: z.int(),
})

export const seesAll = 'platform.jobs:write'

/** The same rows in the reader's language. Everybody sees what they asked for; whoever may steer jobs sees all. */
const jobsIn = (locale: Locale) =>
  resource({
    table: 'platform.jobs',
    item: JobItem,
    fields: {
      personName: raw('(SELECT p.name FROM platform.people p WHERE p.id = t.person_id)'),
      reason: raw(`t.reason ->> '${locale}'`),
    },
    filters: {
      status: filter(z.enum(statuses), (value) => sql`t.status = ${value}`),
      cause: filter(z.enum(causes), (value) => sql`t.cause = ${value}`),
      name: filter(z.string().max(200), (value) => sql`t.name = ${value}`),
    },
    sorts: { createdAt: { expression: raw('t.created_at'), type: 'timestamptz' } },
    defaultSort: '-createdAt',
    visible: ({ actor, permissions }) =>
      sql`(t.person_id = ${personOf(actor) ?? null} OR ${permissions.has(seesAll)})`,
  })

export const jobs = { da: jobsIn('da'), en: jobsIn('en') }
