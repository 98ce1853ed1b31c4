import { z } from 'zod'
import { Field } from '../approvals/preview/preview.ts'
import { shownCall } from '../automations/deed.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import type { Locale } from '../language.ts'
import type { ReadContext } from '../operations/context.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { withoutSecrets } from '../operations/secrets.ts'
import { idOf } from '../resources/reads.ts'
import { itemStatement } from '../resources/resource.ts'
import { titleOf, type KindParts } from './kinds.ts'
import { jobs } from './record.ts'
import { ruled, type Lane, type Work } from './work.ts'

const Explained = z.object({
  id: z.uuid(),
  /** What it does, as people call it. */
  title: z.string(),
  /** Whose doing it is, where an automation asked for it. */
  automation: z.string().nullable(),
  /** Tries of one piece before it has failed. */
  mostAttempts: z.int(),
  /** What it is called with, in names and values, as the reader may see them. */
  fields: z.array(Field.omit({ before: true })),
})

/** What a job is about, for a person who looks at one; it can hold what outsiders wrote. */
export const explainJob = (parts: KindParts): AnyOperation =>
  operation({
    name: 'platform.jobs.explain',
    summary: 'Explain a job: what it does, and with what, in names and values',
    effect: 'read',
    untrusted: true,
    input: z.strictObject({ id: idOf(jobs.en) }),
    output: Explained,
    async run({ id }, context) {
      const row = await storedJob(context, id)
      const lane = parts.work().find(row.name)
      const automation = row.name === ruled.name ? String(row.input?.['name'] ?? '') : null
      return {
        id,
        title: titleIn(parts.registry(), row, lane, context.locale),
        automation,
        mostAttempts: lane?.attempts ?? 1,
        fields: lane && 'operation' in lane ? await fieldsOf(parts, context, lane, row) : [],
      }
    },
  })

/** Of an automation it is what that does. */
function titleIn(registry: Registry, row: StoredJob, lane: Lane | undefined, locale: Locale): string {
  const done = row.name === ruled.name ? registry.find(String(row.input?.['operation'])) : undefined
  if (done) return registry.words(done, locale).title
  return lane ? titleOf(registry, lane, locale) : row.name
}

interface StoredJob {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>> | null
  readonly occurrence: string
  readonly at: Date
}

async function storedJob(context: ReadContext, id: string): Promise<StoredJob> {
  const [seen] = await context.query(itemStatement(jobs[context.locale], id, context))
  if (!seen) fail('not_found')
  const [row] = await context.query<StoredJob>(sql`
    SELECT j.name, coalesce(j.input, o.payload) AS input, coalesce(o.id, j.id) AS occurrence, coalesce(o.at, j.created_at) AS at
    FROM platform.jobs j LEFT JOIN platform.outbox o ON o.tenant_id = j.tenant_id AND o.id = j.event_id
    WHERE j.tenant_id = (SELECT app.tenant()) AND j.id = ${id}`)
  return row ?? fail('not_found')
}

async function fieldsOf(
  { registry }: KindParts,
  context: ReadContext,
  work: Work,
  row: StoredJob,
): Promise<z.output<typeof Explained>['fields']> {
  const input = withoutSecrets(work.operation.input as z.ZodType, inputOf(work, row))
  if (typeof input !== 'object' || input === null) return []
  const { words } = await shownCall(context, registry(), work.operation, input)
  return words[context.locale].fields.map(({ name, label, value, sink }) => ({ name, label, value, sink }))
}

/** Nothing where it cannot be read: the reason of its failure says so already. */
function inputOf(work: Work, { input, occurrence, at }: StoredJob): unknown {
  try {
    return work.inputOf(input, { id: occurrence, at })
  } catch {
    return undefined
  }
}
