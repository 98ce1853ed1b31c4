import { v7 as uuidv7 } from 'uuid'
import { sql, type AgentTurn, type CallRecord, type Statement } from '#core'
import type { TraceRecorder } from './recorder.ts'
import { scrubbed } from './scrub.ts'
import type { TraceBody } from './trace.ts'

/** Days that traces are kept where a company has not said otherwise. */
export const usualDays = 30

interface TracedTurn {
  readonly turn: AgentTurn
  readonly recorder: TraceRecorder
  readonly calls: readonly CallRecord[]
  readonly reply: string
  readonly status: 'done' | 'failed' | 'stopped'
  readonly replayOf?: string
}

/** What keeps what a turn left, and lets go of what the company no longer keeps. Without retention nothing is written. */
export function changesForTrace(traced: TracedTurn): readonly Statement[] {
  const { turn, recorder, calls, reply, status, replayOf = null } = traced
  const { tenant, conversation, person, locale, now } = turn
  const body: TraceBody = {
    message: scrubbed(turn.text),
    reply: scrubbed(reply),
    steps: recorder.steps,
    made: withoutKeys(calls.map((call) => ({ ...call, ...recorder.timeOf(call.id) }))),
  }
  const tokens = (of: 'inputTokens' | 'outputTokens') =>
    recorder.steps.reduce((sum, step) => sum + step[of], 0)
  const models = recorder.steps.map(({ provider, model }) => `${provider}/${model}`)
  const past = sql`
    DELETE FROM agents.traces t
    WHERE t.tenant_id = ${tenant.id} AND t.started_at < ${now}::timestamptz - ${keptDays} * interval '1 day'`
  const trace = sql`
    INSERT INTO agents.traces (tenant_id, id, conversation_id, person_id, agent, locale, status, models, calls,
      input_tokens, output_tokens, first_token_ms, total_ms, replay_of, started_at, body)
    SELECT ${tenant.id}::uuid, ${uuidv7()}::uuid, ${conversation}::uuid, ${person.id}::uuid, ${turn.agent.name}, ${locale},
      ${status}, ${models}::text[], ${calls.length}::int, ${tokens('inputTokens')}::int,
      ${tokens('outputTokens')}::int, ${recorder.firstTokenMs}::int, ${recorder.totalMs}::int,
      ${replayOf}::uuid, ${now}::timestamptz, ${JSON.stringify(body)}::jsonb
    WHERE ${keptDays} > 0`
  return [past, trace]
}

/** How many days the company of this transaction keeps traces. */
export const keptDays = sql`coalesce((SELECT s.trace_days FROM agents.settings s WHERE s.tenant_id = (SELECT app.tenant())), ${usualDays}::int)`

/** Inputs and results hold no marked secret: such operations are not offered; what people pasted is taken out here. */
const withoutKeys = (calls: readonly CallRecord[]): TraceBody['made'] =>
  JSON.parse(scrubbed(JSON.stringify(calls))) as TraceBody['made']
