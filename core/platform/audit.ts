import { z } from 'zod'
import { givenInput } from '../audit/line.ts'
import { raw, sql } from '../database/sql.ts'
import { listOperation } from '../resources/reads.ts'
import { filter, resource } from '../resources/resource.ts'

const outcome = z.enum(['begun', 'done', 'refused', 'failed'])

const AuditEntry = z.object({
  id: z.uuid(),
  at: z.iso.datetime({ offset: true }),
  actorKind: z.string(),
  actorName: z.string(),
  personId: z.uuid().nullable(),
  operation: z.string(),
  effect: z.string(),
  outcome,
  code: z.string().nullable(),
  surface: z.string(),
  conversationId: z.uuid().nullable(),
  requestId: z.string(),
  subjectId: z.string().nullable(),
  input: z.unknown(),
})

const auditTrail = resource({
  table: 'platform.audit',
  item: AuditEntry,
  fields: { input: givenInput },
  filters: {
    operation: filter(z.string().max(200), (value) => sql`t.operation = ${value}`),
    personId: filter(z.uuid().meta({ refers: 'platform.people' }), (value) => sql`t.person_id = ${value}`),
    subjectId: filter(z.string().max(100), (value) => sql`t.subject_id = ${value}`),
    outcome: filter(outcome, (value) => sql`t.outcome = ${value}`),
    after: filter(z.iso.datetime({ offset: true }).meta({ tense: 'past' }), (value) => sql`t.at >= ${value}`),
    before: filter(z.iso.datetime({ offset: true }).meta({ tense: 'past' }), (value) => sql`t.at < ${value}`),
  },
  // The line of this very look may be stored before what it reads, in the same transaction.
  visible: () => sql`t.xmin IS DISTINCT FROM pg_current_xact_id_if_assigned()::xid`,
  sorts: { at: { expression: raw('t.at'), type: 'timestamptz' } },
  defaultSort: '-at',
})

/** Who did what, when and by which way in; refusals too. */
export const listAudit = listOperation(auditTrail, {
  name: 'platform.audit.list',
  summary: 'List the audit trail: who did what, when, by which way in, and with what outcome',
  // Holds what was given to calls, and that can be what an outsider wrote.
  untrusted: true,
})
