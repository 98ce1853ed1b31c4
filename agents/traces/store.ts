import { v7 as uuidv7 } from 'uuid'
import { BoundedMap, rememberUnderMark, sql, type AgentTurn, type Database, type Statement } from '#core'
import type { KeptText } from './keptText.ts'
import { leanTrace, type TracedTurn } from './lean.ts'
import { packed } from './packed.ts'

/** Days that traces are kept where a company has not said otherwise. */
export const usualDays = 30

/** Texts that are known to be kept, and companies whose old traces were let go of in this hour. */
const mostRemembered = 10_000

/** What keeps what a turn left, and lets go of what its company no longer keeps. Without retention nothing is written. */
export type ChangesForTrace = (traced: TracedTurn) => Promise<readonly Statement[]>

export function createTraceStore(database: Pick<Database, 'writeAside'>): ChangesForTrace {
  const isTextKept = rememberUnderMark<boolean>(mostRemembered)
  const hours = new BoundedMap<string>(mostRemembered)
  const forgetting = ({ tenant, now }: AgentTurn): readonly Statement[] => {
    const hour = now.toISOString().slice(0, 13)
    if (hours.get(tenant.id) === hour) return []
    hours.set(tenant.id, hour)
    return forgetOlder(tenant.id, now)
  }
  return async (traced) => {
    const { tenant, now, mark } = traced.turn
    const { trace, texts, message } = leanTrace(traced)
    const day = now.toISOString().slice(0, 10)
    const kept = texts.map((text) =>
      isTextKept(`${tenant.id} ${text.hash} ${day}`, mark, () => keepText(database, tenant.id, day, text)),
    )
    const isRetained = (await Promise.all(kept)).every(Boolean)
    const insert = isRetained ? [insertion(traced, message, packed(trace))] : []
    return [...forgetting(traced.turn), ...insert]
  }
}

/** The id tells when the turn began, and holds traces in that order. */
function insertion(
  { turn, recorder, calls, status, replayOf }: TracedTurn,
  message: string | null,
  body: Buffer,
): Statement {
  const { tenant, conversation, person, agent, locale, now } = turn
  const tokens = (of: 'inputTokens' | 'outputTokens') =>
    recorder.steps.reduce((sum, step) => sum + step[of], 0)
  const models = recorder.steps.map(({ provider, model }) => `${provider}/${model}`)
  return sql`
    INSERT INTO agents.traces (tenant_id, id, conversation_id, person_id, agent, locale, status, models, calls,
      input_tokens, output_tokens, first_token_ms, total_ms, replay_of, started_at, message_id, reply_id, message, packed)
    SELECT ${tenant.id}::uuid, ${uuidv7({ msecs: now.getTime() })}::uuid, ${conversation}::uuid, ${person.id}::uuid,
      ${agent.name}, ${locale}, ${status}, ${models}::text[], ${calls.length}::int, ${tokens('inputTokens')}::int,
      ${tokens('outputTokens')}::int, ${recorder.firstTokenMs}::int, ${recorder.totalMs}::int, ${replayOf ?? null}::uuid,
      ${now}::timestamptz, ${turn.message}::uuid, ${turn.reply}::uuid, ${message}::text, ${body}::bytea
    WHERE ${keptDays} > 0`
}

/** Lets go of traces, and of the texts that none of them names any more. */
export function forgetOlder(tenant: string, now: Date, days: Statement = keptDays): readonly Statement[] {
  return [
    // A subquery: row-level security lets no other expression with `coalesce` be looked up in an index.
    sql`DELETE FROM agents.traces t WHERE t.tenant_id = ${tenant}
      AND t.id < (SELECT agents.first_id_at(${now}::timestamptz - ${days} * interval '1 day'))`,
    sql`DELETE FROM agents.prompts p WHERE p.tenant_id = ${tenant} AND p.seen_on < ${now.toISOString().slice(0, 10)}::date - ${days}`,
  ]
}

/**
 * Keeps a text that is new, or notes that it was named on this day; whether the company keeps traces at all. It is on the disk
 * then: later traces name what is known to be kept.
 */
async function keepText(
  database: Pick<Database, 'writeAside'>,
  tenant: string,
  day: string,
  { hash, text, conversation }: KeptText,
): Promise<boolean> {
  const bytes = Buffer.from(hash, 'base64url')
  const [row] = await database.writeAside<{ isRetained: boolean }>(
    tenant,
    sql`WITH kept AS (
      INSERT INTO agents.prompts AS kept (tenant_id, hash, text, seen_on, conversation_id)
      SELECT ${tenant}::uuid, ${bytes}::bytea, ${text}, ${day}::date, ${conversation ?? null}::uuid WHERE ${keptDays} > 0 AND NOT EXISTS (
        SELECT FROM agents.prompts p WHERE p.tenant_id = ${tenant} AND p.hash = ${bytes}::bytea AND p.seen_on >= ${day}::date)
      ON CONFLICT (tenant_id, hash) DO UPDATE SET seen_on = greatest(kept.seen_on, excluded.seen_on))
    SELECT ${keptDays} > 0 AS "isRetained"`,
  )
  return row!.isRetained
}

/** How many days the company of this transaction keeps traces. */
export const keptDays = sql`coalesce((SELECT s.trace_days FROM agents.settings s WHERE s.tenant_id = (SELECT app.tenant())), ${usualDays}::int)`
