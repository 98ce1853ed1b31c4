import { z } from 'zod'
import { sql } from '../database/sql.ts'
import { Field } from '../approvals/preview/preview.ts'
import { Fault } from '../errors.ts'
import { parseInput } from '../operations/input.ts'
import type { ReadContext } from '../operations/context.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { checked, type Checked } from './checked.ts'
import { meeting } from './conditions.ts'
import { shownCall } from './deed.ts'
import { automationId, rowOf } from './read.ts'
import { definitionOf } from './record.ts'
import { filled, type Happened } from './template.ts'

const Trial = z.object({
  /** Nothing for a sample. */
  eventId: z.uuid().nullable(),
  at: z.iso.datetime({ offset: true }),
  payload: z.unknown(),
  /** Whether the automation would do anything. */
  matches: z.boolean(),
  /** Exactly what the operation would be called with. */
  input: z.unknown(),
  /** The same in names and values. */
  fields: z.array(Field),
  /** Why the operation would refuse that. */
  problem: z.string().nullable(),
})

/** Shows what an automation would have done; nothing is called. */
export const testAutomation = (registry: () => Registry): AnyOperation =>
  operation({
    name: 'platform.automations.test',
    summary:
      'Try an automation on the latest events, or on a sample of one, and show what it would do; nothing is done',
    effect: 'read',
    // What happened may be told in an outsider's words.
    untrusted: true,
    input: z.strictObject({
      id: automationId,
      events: z.int().min(1).max(50).default(20).meta({ description: 'How many of the latest events' }),
      sample: z
        .record(z.string(), z.unknown())
        .optional()
        .meta({
          kind: 'json',
          description: 'The payload of an event to try instead',
          examples: [{ name: 'Prøve' }],
        }),
    }),
    output: z.object({ items: z.array(Trial), matched: z.int() }),
    async run({ id, events, sample }, context) {
      const definition = definitionOf(await rowOf(context, id))
      const found = checked(registry(), definition)
      const happened = sample ? [sampleOf(sample, context)] : await latest(context, found, events)
      const payloads = happened.map(({ payload }) => payload)
      const met = new Set(
        (await context.query<{ place: number }>(meeting(definition.conditions, payloads))).map(
          ({ place }) => place,
        ),
      )
      const items: Trial[] = []
      for (const [place, one] of happened.entries()) {
        const input = filled(definition.input, one)
        const call = met.has(place) ? await tried(context, registry(), found, input) : nothing
        items.push({ ...told(one), matches: met.has(place), ...call })
      }
      return { items, matched: met.size }
    },
  })

type Trial = z.output<typeof Trial>

const nothing = { input: null, fields: [], problem: null }
const noEvent = 'sample'

const sampleOf = (payload: unknown, { clock }: ReadContext): Happened => ({
  id: noEvent,
  at: clock.now(),
  payload,
})

const told = ({ id, at, payload }: Happened) => ({
  eventId: id === noEvent ? null : id,
  at: at.toISOString(),
  payload,
})

const latest = ({ query }: ReadContext, { event }: Checked, most: number): Promise<Happened[]> =>
  query<Happened>(sql`
    SELECT id, at, payload FROM platform.outbox
    WHERE tenant_id = (SELECT app.tenant()) AND type = ${event.name} AND version = ${event.version}
    ORDER BY at DESC, id DESC LIMIT ${most}`)

async function tried(
  context: ReadContext,
  registry: Registry,
  { operation: called }: Checked,
  input: Record<string, unknown>,
): Promise<Pick<Trial, 'input' | 'fields' | 'problem'>> {
  try {
    const parsed = parseInput(called, input, context.locale)
    const { words } = await shownCall(context, registry, called, parsed)
    return { input, fields: [...words[context.locale].fields], problem: null }
  } catch (error) {
    if (!(error instanceof Fault) || error.status >= 500) throw error
    return { input, fields: [], problem: error.sentence(context.locale) }
  }
}
