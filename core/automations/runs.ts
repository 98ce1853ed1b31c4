import { z } from 'zod'
import { raw, sql } from '../database/sql.ts'
import type { Locale } from '../language.ts'
import { listOperation } from '../resources/reads.ts'
import { filter, resource } from '../resources/resource.ts'
import { automationId } from './read.ts'
import { runStatuses } from './record.ts'
import { sentenceOfCode } from './reasons.ts'

const time = z.iso.datetime({ offset: true })

const Run = z.object({
  id: z.uuid(),
  automationId: z.uuid(),
  automationName: z.string(),
  operation: z.string(),
  eventId: z.uuid(),
  status: z.enum(runStatuses),
  /** Why it was not done, or not yet. */
  code: z.string().nullable(),
  reason: z.string().nullable(),
  createdAt: time,
  /** When it is to be done. */
  runAt: time,
  endedAt: time.nullable(),
  attempts: z.int(),
  /** The line of the audit trail that says what was called. */
  auditId: z.uuid().nullable(),
})

const runsIn = (locale: Locale) =>
  resource({
    table: 'platform.jobs',
    item: Run,
    fields: {
      automationId: raw('t.rule_id'),
      automationName: raw(`t.input ->> 'name'`),
      operation: raw(`t.input ->> 'operation'`),
      reason: sentenceOfCode(locale),
      auditId:
        raw(`(SELECT a.id FROM platform.audit a WHERE a.tenant_id = t.tenant_id AND a.operation = t.input ->> 'operation'
        AND a.at >= t.created_at AND a.request_id = t.request_id ORDER BY a.at DESC LIMIT 1)`),
    },
    filters: {
      automationId: filter(automationId, (id) => sql`t.rule_id = ${id}`),
      status: filter(z.enum(runStatuses), (status) => sql`t.status = ${status}`),
    },
    sorts: { createdAt: { expression: raw('t.created_at'), type: 'timestamptz' } },
    defaultSort: '-createdAt',
    visible: () => sql`t.rule_id IS NOT NULL AND t.cause = 'rule'`,
  })

const described = {
  name: 'platform.automationRuns.list',
  summary: 'List what automations have done and will do, with how each ended and why one was not done',
} as const
const lists = { da: listOperation(runsIn('da'), described), en: listOperation(runsIn('en'), described) }

export const listRuns: typeof lists.en = {
  ...lists.en,
  query: (asked, who) => lists[who.locale].query!(asked, who),
}
