import { v7 as uuidv7 } from 'uuid'
import { sql, type Statement } from '#core'
import { leanBody, type KeptPrompt, type TracedTurn } from './lean.ts'

/** Days that traces are kept where a company has not said otherwise. */
export const usualDays = 30

/** What keeps what a turn left, and lets go of what the company no longer keeps. Without retention nothing is written. */
export function changesForTrace(traced: TracedTurn): readonly Statement[] {
  const { turn, recorder, calls, status, replayOf = null } = traced
  const { tenant, conversation, person, locale, now } = turn
  const { body, prompts } = leanBody(traced)
  const tokens = (of: 'inputTokens' | 'outputTokens') =>
    recorder.steps.reduce((sum, step) => sum + step[of], 0)
  const models = recorder.steps.map(({ provider, model }) => `${provider}/${model}`)
  const trace = sql`
    INSERT INTO agents.traces (tenant_id, id, conversation_id, person_id, agent, locale, status, models, calls,
      input_tokens, output_tokens, first_token_ms, total_ms, replay_of, started_at, body)
    SELECT ${tenant.id}::uuid, ${uuidv7()}::uuid, ${conversation}::uuid, ${person.id}::uuid, ${turn.agent.name}, ${locale},
      ${status}, ${models}::text[], ${calls.length}::int, ${tokens('inputTokens')}::int,
      ${tokens('outputTokens')}::int, ${recorder.firstTokenMs}::int, ${recorder.totalMs}::int,
      ${replayOf}::uuid, ${now}::timestamptz, ${JSON.stringify(body)}::jsonb
    WHERE ${keptDays} > 0`
  return [...forgetOlder(tenant.id, now), trace, ...keepPrompts(tenant.id, now, prompts)]
}

/**
 * Lets go of traces, and of the prompts that none of them names any more. Where the oldest is still to be kept no other is looked
 * at: a plan that was made while the table was empty would look at all of them with every turn.
 */
export function forgetOlder(tenant: string, now: Date, days: Statement = keptDays): readonly Statement[] {
  // A subquery: row-level security lets no other expression with `coalesce` be looked up in an index.
  const end = sql`(SELECT ${now}::timestamptz - ${days} * interval '1 day')`
  return [
    sql`DELETE FROM agents.traces t WHERE t.tenant_id = ${tenant} AND t.started_at < ${end}
      AND (SELECT o.started_at FROM agents.traces o WHERE o.tenant_id = ${tenant} ORDER BY o.started_at LIMIT 1) < ${end}`,
    sql`DELETE FROM agents.prompts p WHERE p.tenant_id = ${tenant} AND p.seen_on < ${now.toISOString().slice(0, 10)}::date - ${days}`,
  ]
}

/** Writes down prompts that are new, or that were not named on this day yet. */
function keepPrompts(tenant: string, now: Date, prompts: readonly KeptPrompt[]): readonly Statement[] {
  if (prompts.length === 0) return []
  const given = JSON.stringify(Object.values(Object.fromEntries(prompts.map((each) => [each.hash, each]))))
  return [
    sql`INSERT INTO agents.prompts AS kept (tenant_id, hash, text, seen_on)
      SELECT ${tenant}::uuid, decode(given.hash, 'hex'), given.text, ${now.toISOString().slice(0, 10)}::date
      FROM jsonb_to_recordset(${given}::jsonb) AS given(hash text, text text)
      WHERE ${keptDays} > 0 AND NOT EXISTS (SELECT FROM agents.prompts p WHERE p.tenant_id = ${tenant}
        AND p.hash = decode(given.hash, 'hex') AND p.seen_on >= ${now.toISOString().slice(0, 10)}::date)
      ON CONFLICT (tenant_id, hash) DO UPDATE SET seen_on = greatest(kept.seen_on, excluded.seen_on)`,
  ]
}

/** How many days the company of this transaction keeps traces. */
export const keptDays = sql`coalesce((SELECT s.trace_days FROM agents.settings s WHERE s.tenant_id = (SELECT app.tenant())), ${usualDays}::int)`
