import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import { personOf, type WriteContext } from '../operations/context.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { Version } from '../resources/fields.ts'
import { checked } from './checked.ts'
import { definitionFields, type Definition } from './definition.ts'
import { automationId, rowOf, shown } from './read.ts'
import { Automation, definitionOf } from './record.ts'
import { cancelQueued } from './queued.ts'

const usual = { conditions: { match: 'all', of: [] }, input: {}, delayMinutes: 0, runsPerHour: 60 } as const

const {
  name,
  event,
  conditions,
  operation: called,
  input: template,
  delayMinutes,
  runsPerHour,
} = definitionFields

const createAutomation = (registry: () => Registry): AnyOperation =>
  operation({
    name: 'platform.automations.create',
    summary:
      'Make an automation: when an event happens and its conditions hold, an operation is called. It is switched off until a person approves it',
    effect: 'write',
    input: z.strictObject({
      name,
      event,
      conditions: conditions.optional(),
      operation: called,
      input: template.optional(),
      delayMinutes: delayMinutes.optional(),
      runsPerHour: runsPerHour.optional(),
    }),
    output: Automation,
    async run(given, context) {
      const asked = { ...usual, ...given } as Omit<Definition, 'eventVersion'>
      const { event: type } = checked(registry(), asked)
      const id = uuidv7()
      const { actor } = context
      await context.query(sql`
        INSERT INTO platform.automations (tenant_id, id, name, event, event_version, conditions, operation, input, delay_minutes,
          runs_per_hour, made_by, made_by_agent)
        VALUES (${context.tenant.id}, ${id}, ${asked.name}, ${asked.event}, ${type.version}, ${JSON.stringify(asked.conditions)}::jsonb,
          ${asked.operation}, ${JSON.stringify(asked.input)}::jsonb, ${asked.delayMinutes}, ${asked.runsPerHour},
          ${personOf(actor) ?? null}, ${actor.kind === 'agent'})`)
      return shown(context, id)
    },
  })

const updateAutomation = (registry: () => Registry): AnyOperation =>
  operation({
    name: 'platform.automations.update',
    summary: 'Change an automation; it is switched off until a person approves it anew',
    effect: 'write',
    input: z.strictObject({
      id: automationId,
      name: name.optional(),
      event: event.optional(),
      conditions: conditions.optional(),
      operation: called.optional(),
      input: template.optional(),
      delayMinutes: delayMinutes.optional(),
      runsPerHour: runsPerHour.optional(),
      version: Version.optional(),
    }),
    output: Automation,
    async run({ id, version, ...given }, context) {
      const row = await rowOf(context, id, 'FOR UPDATE')
      if (version !== undefined && version !== row.version) fail('version_conflict')
      const { eventVersion: _, ...current } = definitionOf(row)
      const asked = { ...current, ...given } as Omit<Definition, 'eventVersion'>
      const { event: type } = checked(registry(), asked)
      await store(context, id, { ...asked, eventVersion: type.version })
      const now = await shown(context, id)
      if (now.status === 'draft') await cancelQueued(context, 'automation_changed', id)
      return now
    },
  })

/** What changes takes the approval away: the table itself sees to that. */
const store = (context: WriteContext, id: string, asked: Definition): Promise<unknown> =>
  context.query(sql`
    UPDATE platform.automations SET name = ${asked.name}, event = ${asked.event}, event_version = ${asked.eventVersion},
      conditions = ${JSON.stringify(asked.conditions)}::jsonb, operation = ${asked.operation},
      input = ${JSON.stringify(asked.input)}::jsonb, delay_minutes = ${asked.delayMinutes}, runs_per_hour = ${asked.runsPerHour}
    WHERE tenant_id = (SELECT app.tenant()) AND id = ${id}`)

const deleteAutomation = operation({
  name: 'platform.automations.delete',
  summary: 'Delete an automation; what it has done stays done',
  effect: 'destroy',
  input: z.strictObject({ id: automationId }),
  output: z.object({ id: z.uuid() }),
  async run({ id }, context) {
    await rowOf(context, id, 'FOR UPDATE')
    await cancelQueued(context, 'automation_off', id)
    await context.query(
      sql`DELETE FROM platform.automations WHERE tenant_id = (SELECT app.tenant()) AND id = ${id}`,
    )
    return { id }
  },
})

export const writingOperations = (registry: () => Registry): readonly AnyOperation[] => [
  createAutomation(registry),
  updateAutomation(registry),
  deleteAutomation,
]
