import { z } from 'zod'
import { fail, filter, idOf, listOperation, operation, raw, resource, sql } from '#core'
import { payerOf } from '../models/payer.ts'
import { modelId } from '../models/setting.ts'
import { openStored } from '../models/store.ts'
import { createReadTrace, messageOf } from './reading.ts'
import { forgetOlder, keptDays, usualDays } from './store.ts'
import { ReplayedCall, Step, Trace, TraceLine } from './trace.ts'

/** What is past its time is not shown, even before it is gone. */
const kept = () => sql`t.started_at >= now() - ${keptDays} * interval '1 day'`

/** Its calls by their times; what was held back with the message is of the message's own. */
const counted = (what: string) =>
  raw(`(SELECT ${what} FROM platform.usage u
  WHERE u.tenant_id = t.tenant_id AND u.conversation_id = t.conversation_id AND u.purpose = 'turn'
    AND (u.at BETWEEN t.started_at AND t.started_at + (t.total_ms + 1) * interval '1 millisecond'
      OR u.at = (SELECT m.at FROM platform.messages m WHERE m.tenant_id = t.tenant_id AND m.id = t.message_id)))`)

const told = {
  personName: raw('(SELECT p.name FROM platform.people p WHERE p.id = t.person_id)'),
  costMicros: counted('sum(u.cost)::bigint'),
  currency: counted('max(u.currency)'),
}

const lines = resource({
  table: 'agents.traces',
  item: TraceLine,
  fields: { ...told, message: raw(`left(${messageOf}, 200)`) },
  filters: {
    conversationId: filter(
      z.uuid().meta({ refers: 'platform.conversations' }),
      (id) => sql`t.conversation_id = ${id}`,
    ),
    personId: filter(z.uuid().meta({ refers: 'platform.people' }), (id) => sql`t.person_id = ${id}`),
    status: filter(TraceLine.shape.status, (status) => sql`t.status = ${status}`),
    replayOf: filter(z.uuid().meta({ refers: 'agents.traces' }), (id) => sql`t.replay_of = ${id}`),
  },
  // An id tells when its turn began.
  sorts: { startedAt: { expression: raw('t.id'), type: 'uuid' } },
  defaultSort: '-startedAt',
  visible: kept,
})

const readTrace = createReadTrace(lines)

const listTraces = listOperation(lines, {
  name: 'agents.traces.list',
  summary: 'List what turns of agents left: models, calls, tokens and times, the latest first',
  untrusted: true,
})

const getTrace = operation({
  name: 'agents.traces.get',
  summary: 'Get all that a turn left: what its models were told, offered and answered, and what was called',
  effect: 'read',
  untrusted: true,
  input: z.object({ id: idOf(lines) }),
  output: Trace,
  run: async ({ id }, context) => (await readTrace(id, context)) ?? fail('not_found'),
})

const deleteTrace = operation({
  name: 'agents.traces.delete',
  summary: 'Delete the trace of a turn',
  effect: 'destroy',
  input: z.strictObject({ id: idOf(lines) }),
  output: z.object({ id: z.uuid() }),
  async run({ id }, context) {
    const gone = await context.query(
      sql`DELETE FROM agents.traces t WHERE t.tenant_id = ${context.tenant.id} AND t.id = ${id} RETURNING 1`,
    )
    return gone.length > 0 ? { id } : fail('not_found')
  },
})

const replayTrace = operation({
  name: 'agents.traces.replay',
  summary:
    'Ask a turn’s message again with another model or another prompt; nothing is called, results are those of then',
  effect: 'send',
  untrusted: true,
  personOnly: true,
  input: z.strictObject({
    id: idOf(lines),
    modelId: modelId.meta({ sink: 'url' }),
    prompt: z.string().trim().min(1).max(20_000).optional().meta({ kind: 'text', free: true }),
  }),
  output: z.object({
    traceId: z.uuid(),
    reply: z.string(),
    calls: z.array(ReplayedCall),
    steps: z.array(Step),
  }),
  async outside({ id, modelId: chosen, prompt }, context) {
    const { query, vault, egress, usage, signal, operations } = context
    const trace = (await readTrace(id, context)) ?? fail('not_found')
    const [{ openModel }, { replay }] = await Promise.all([
      import('../models/openModel.ts'),
      import('./replay.ts'),
    ])
    const forAccount = await openModel(await openStored(query, vault, chosen), { egress, usage })
    const model = forAccount(payerOf(context, 'replay'))
    return () => replay({ trace, model, prompt, operations, signal })
  },
  run: ({ id }, _, { reply, calls, steps }) => ({
    traceId: id,
    reply,
    calls: [...calls],
    steps: [...steps],
  }),
})

const Retention = z.object({
  /** Days that traces are kept; 0 keeps none. */
  days: z.int().min(0).max(3650),
})

const getRetention = operation({
  name: 'agents.retention.get',
  summary: 'Get for how many days the traces of agents are kept',
  effect: 'read',
  input: z.strictObject({}),
  output: Retention,
  async run(_, context) {
    const [row] = await context.query<{ days: number }>(sql`SELECT ${keptDays} AS days`)
    return { days: row?.days ?? usualDays }
  },
})

const updateRetention = operation({
  name: 'agents.retention.update',
  summary: 'Say for how many days the traces of agents are kept; older ones are deleted',
  effect: 'destroy',
  input: z.strictObject({ days: Retention.shape.days }),
  output: Retention,
  async run({ days }, context) {
    await context.query(
      sql`INSERT INTO agents.settings (tenant_id, trace_days) VALUES (${context.tenant.id}, ${days}::int)
        ON CONFLICT (tenant_id) DO UPDATE SET trace_days = excluded.trace_days`,
    )
    for (const change of forgetOlder(context.tenant.id, context.clock.now(), sql`${days}::int`))
      await context.query(change)
    return { days }
  },
})

export const traceOperations = [listTraces, getTrace, replayTrace, deleteTrace, getRetention, updateRetention]
