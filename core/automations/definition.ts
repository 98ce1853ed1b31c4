import { createHash } from 'node:crypto'
import { z } from 'zod'
import { saying } from '../language.ts'
import { canonicalJson } from '../operations/canonical.ts'
import { Line } from '../resources/fields.ts'

/** What a field of an event is asked. `notEquals` and `missing` also hold where there is nothing. */
export const askings = [
  'equals',
  'notEquals',
  'in',
  'contains',
  'greater',
  'less',
  'exists',
  'missing',
] as const

const Scalar = z.union([z.string().max(1_000), z.number(), z.boolean()])

const Test = z.strictObject({
  /** A field of the payload; a part of one is written with a dot. */
  field: z
    .string()
    .max(200)
    .regex(/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/),
  is: z.enum(askings),
  /** What it is compared with; a list for `in`, nothing for `exists` and `missing`. */
  value: z.union([Scalar, z.array(Scalar).min(1).max(100)]).optional(),
})
export type Test = z.output<typeof Test>

const match = z.enum(['all', 'any'])
const Group = z.strictObject({ match, of: z.array(Test).min(1).max(20) })

/** All or any of some tests, or groups of them; none at all holds always. No deeper, so that a form can show it. */
export const Conditions = z
  .strictObject({ match, of: z.array(z.union([Group, Test])).max(20) })
  .meta({ examples: [{ match: 'all', of: [] }] })
export type Conditions = z.output<typeof Conditions>

const largestInput = 16_000
const tooLarge = { da: 'er for stort. Skriv mindre', en: 'is too large. Write less' }

/** Input of the operation; `{{payload.field}}`, `{{event.id}}`, `{{event.at}}` and `{{event.day+7}}` stand for the event's. */
export const Template = z
  .record(z.string().max(100), z.unknown())
  .refine((value) => canonicalJson(value).length <= largestInput, saying(tooLarge))
  .meta({
    kind: 'json',
    description:
      'Input of the operation. {{payload.field}} stands for a field of the event, {{event.day+7}} for the day of the event and seven days more',
    examples: [{ id: '{{payload.id}}', title: 'Prøve' }],
  })
export type Template = z.output<typeof Template>

const name = z.string().max(200)
/** Days that something may wait for its time. */
const longestDelay = 30 * 24 * 60

/** Everything that a person says yes to. */
export const definitionFields = {
  name: Line.meta({ kind: 'text', free: true }),
  event: name.meta({
    description: 'Name of the event, such as platform_events_list shows it',
    examples: ['platform.automations.approved'],
  }),
  conditions: Conditions,
  operation: name.meta({
    description: 'Name of the operation that is called, such as platform.conversations.update',
    examples: ['platform.conversations.update'],
  }),
  input: Template,
  delayMinutes: z.int().min(0).max(longestDelay),
  runsPerHour: z
    .int()
    .min(1)
    .max(1_000)
    .meta({ description: 'More than these in an hour switch the automation off' }),
}

export interface Definition {
  readonly name: string
  readonly event: string
  readonly eventVersion: number
  readonly conditions: Conditions
  readonly operation: string
  readonly input: Template
  readonly delayMinutes: number
  readonly runsPerHour: number
}

/** What an approval holds for: exactly this definition, whatever else is known of the automation. */
export function hashOf(definition: Definition): string {
  const { name, event, eventVersion, conditions, operation, input, delayMinutes, runsPerHour } = definition
  const bound = { name, event, eventVersion, conditions, operation, input, delayMinutes, runsPerHour }
  return createHash('sha256').update(canonicalJson(bound)).digest('hex')
}
