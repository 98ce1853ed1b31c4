import { z } from 'zod'
import { requireExplicitScope } from '../approvals/explicitScope.ts'
import { sql } from '../database/sql.ts'
import { fail } from '../errors.ts'
import { eventType } from '../events/event.ts'
import { personOf, type ReadContext, type WriteContext } from '../operations/context.ts'
import { isOn } from '../operations/domain.ts'
import { operation, type AnyOperation } from '../operations/operation.ts'
import type { Registry } from '../operations/registry.ts'
import { checked } from './checked.ts'
import { sinksFromEvent } from './deed.ts'
import { hashOf, type Definition } from './definition.ts'
import { automationId, rowOf, shown } from './read.ts'
import { Automation, definitionOf } from './record.ts'
import { cancelQueued } from './queued.ts'

export const automationApproved = eventType({
  name: 'platform.automations.approved',
  version: 1,
  payload: z.object({ id: z.uuid(), name: z.string(), operation: z.string() }),
})

const approvingScope = 'platform.automations:write'

const approveAutomation = (registry: () => Registry): AnyOperation =>
  operation({
    name: 'platform.automations.approve',
    summary: 'Approve an automation exactly as it was shown, and switch it on; it acts with your rights',
    effect: 'write',
    personOnly: true,
    input: z.strictObject({
      id: automationId,
      /** The `hash` of what was shown. */
      hash: z.string().regex(/^[0-9a-f]{64}$/),
      /** Fields that say where something goes and that each event may choose: `accepts` of what was shown. */
      accept: z.array(z.string().max(100)).max(50).optional(),
    }),
    output: Automation,
    async run({ id, hash, accept = [] }, context) {
      const row = await rowOf(context, id, 'FOR UPDATE')
      const definition = definitionOf(row)
      if (hashOf(definition) !== hash) fail('automation_changed')
      const { operation: called } = checked(registry(), definition)
      requireMayDo(context, called)
      await requireExplicitScope(context, approvingScope)
      requireAccepted(called, definition, accept)
      await context.query(sql`
        UPDATE platform.automations SET status = 'on', code = NULL, reason = NULL, approved_by = ${personOf(context.actor)},
          approved_at = now(), approved_hash = ${hash}, plugin_version = ${registry().versionOf(called)}
        WHERE tenant_id = (SELECT app.tenant()) AND id = ${id}`)
      context.emit(automationApproved, { id, name: row.name, operation: row.operation })
      return shown(context, id)
    },
  })

/** Nobody hands on a right that they do not have. */
function requireMayDo(context: WriteContext, called: AnyOperation): void {
  if (!isOn(called, context)) fail('switched_off')
  if (!context.permissions.has(called.permission)) fail('forbidden', { permission: called.permission })
}

function requireAccepted(called: AnyOperation, { input }: Definition, accept: readonly string[]): void {
  const open = sinksFromEvent(called, input).filter((name) => !accept.includes(name))
  if (open.length > 0) fail('automation_sinks', { fields: open.join(', ') })
}

const disableAutomation = operation({
  name: 'platform.automations.disable',
  summary: 'Switch an automation off at once; what waits to be done is not done',
  effect: 'write',
  input: z.strictObject({ id: automationId }),
  output: Automation,
  async run({ id }, context) {
    const { status } = await rowOf(context, id, 'FOR UPDATE')
    await cancelQueued(context, 'automation_off', id)
    if (status === 'on')
      await context.query(
        sql`UPDATE platform.automations SET status = 'off' WHERE tenant_id = (SELECT app.tenant()) AND id = ${id}`,
      )
    return shown(context, id)
  },
})

const Switch = z.object({
  /** Nothing is done by itself while this is so. */
  stopped: z.boolean(),
  stoppedAt: z.iso.datetime({ offset: true }).nullable(),
  stoppedByName: z.string().nullable(),
})

async function switchOf({ query }: ReadContext | WriteContext): Promise<z.output<typeof Switch>> {
  const [row] = await query<{ at: Date; name: string | null }>(sql`
    SELECT s.stopped_at AS at, (SELECT p.name FROM platform.people p WHERE p.id = s.stopped_by) AS name
    FROM platform.automation_stops s WHERE s.tenant_id = (SELECT app.tenant())`)
  return {
    stopped: row !== undefined,
    stoppedAt: row?.at.toISOString() ?? null,
    stoppedByName: row?.name ?? null,
  }
}

const getSwitch = operation({
  name: 'platform.automationSwitch.get',
  summary: 'Get whether all automations of the company are stopped',
  effect: 'read',
  input: z.strictObject({}),
  output: Switch,
  run: (_, context) => switchOf(context),
})

const stopAll = operation({
  name: 'platform.automations.stopAll',
  summary: 'Stop all automations of the company at once; what waits to be done is not done',
  effect: 'write',
  input: z.strictObject({}),
  output: Switch,
  async run(_, context) {
    await context.query(sql`
      INSERT INTO platform.automation_stops (tenant_id, stopped_by) VALUES (${context.tenant.id}, ${personOf(context.actor) ?? null})
      ON CONFLICT DO NOTHING`)
    // What is being done at this moment is waited for; nothing begins after.
    await context.query(
      sql`SELECT FROM platform.automations WHERE tenant_id = (SELECT app.tenant()) FOR UPDATE`,
    )
    await cancelQueued(context, 'automations_stopped')
    return switchOf(context)
  },
})

const resumeAll = operation({
  name: 'platform.automations.resumeAll',
  summary: 'Let the automations that are switched on do their work again, from now on',
  effect: 'write',
  personOnly: true,
  input: z.strictObject({}),
  output: Switch,
  async run(_, context) {
    await context.query(sql`DELETE FROM platform.automation_stops WHERE tenant_id = (SELECT app.tenant())`)
    return switchOf(context)
  },
})

export const switchOperations = (registry: () => Registry): readonly AnyOperation[] => [
  approveAutomation(registry),
  disableAutomation,
  getSwitch,
  stopAll,
  resumeAll,
]
