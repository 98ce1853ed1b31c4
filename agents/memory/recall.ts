import { prepared, sql, type AgentTurn, type Database } from '#core'
import type { PhraseMark } from '../learning/brains.ts'
import type { Gist } from './gist.ts'

/** What a turn begins with besides its messages. */
export interface Recalled {
  /** What the person wants kept in mind, oldest first. */
  readonly memories: readonly string[]
  /** What the company wants every agent to keep in mind, oldest first. */
  readonly guidelines: readonly string[]
  /** What was said before the messages that are still told word for word. */
  readonly gist: Gist | null
  /** How far the company's own phrases have come; null where there are none. */
  readonly phrases: PhraseMark | null
}

/** All of it in one exchange. */
export async function recall(
  database: Pick<Database, 'read'>,
  { tenant, person, conversation }: Pick<AgentTurn, 'tenant' | 'person' | 'conversation'>,
): Promise<Recalled> {
  const [recalled] = await database.read<Recalled>(
    tenant.id,
    prepared(
      'tekup_recall',
      sql`SELECT
      (SELECT coalesce(json_agg(text ORDER BY created_at, id), '[]') FROM agents.memories
        WHERE tenant_id = ${tenant.id} AND person_id = ${person.id}) AS memories,
      (SELECT coalesce(json_agg(text ORDER BY created_at, id), '[]') FROM agents.guidelines
        WHERE tenant_id = ${tenant.id}) AS guidelines,
      (SELECT json_build_object('upTo', message_id, 'text', text, 'facts', facts) FROM agents.summaries
        WHERE tenant_id = ${tenant.id} AND conversation_id = ${conversation}) AS gist,
      (SELECT max(id::text) || ' ' || count(*) FROM agents.phrases WHERE tenant_id = ${tenant.id}) AS phrases`,
    ),
  )
  return recalled as Recalled
}
