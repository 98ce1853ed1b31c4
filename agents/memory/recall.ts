import { prepared, rememberUnderMark, sql, type AgentTurn, type Database } from '#core'
import type { PhraseMark } from '../learning/brains.ts'
import { mayHaveGist, type Gist } from './gist.ts'

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

/** What changes only when somebody changes it, and is remembered meanwhile. */
type Told = Omit<Recalled, 'gist'>

/** People whose notes are remembered. */
const mostRemembered = 5_000

type Recall = (
  turn: Pick<AgentTurn, 'tenant' | 'person' | 'conversation' | 'history' | 'mark'>,
) => Promise<Recalled>

export function createRecall(database: Pick<Database, 'read'>): Recall {
  const remembered = rememberUnderMark<Told>(mostRemembered)
  return async (turn) => {
    const { tenant, person, mark } = turn
    const [told, gist] = await Promise.all([
      remembered(`${tenant.id} ${person.id}`, mark, () => readTold(database, tenant.id, person.id)),
      mayHaveGist(turn.history) ? readGist(database, tenant.id, turn.conversation) : null,
    ])
    return { ...told, gist }
  }
}

async function readTold(database: Pick<Database, 'read'>, tenant: string, person: string): Promise<Told> {
  const [told] = await database.read<Told>(
    tenant,
    prepared(
      'tekup_recall',
      sql`SELECT
      (SELECT coalesce(json_agg(text ORDER BY created_at, id), '[]') FROM agents.memories
        WHERE tenant_id = ${tenant} AND person_id = ${person}) AS memories,
      (SELECT coalesce(json_agg(text ORDER BY created_at, id), '[]') FROM agents.guidelines
        WHERE tenant_id = ${tenant}) AS guidelines,
      (SELECT max(id::text) || ' ' || count(*) FROM agents.phrases WHERE tenant_id = ${tenant}) AS phrases`,
    ),
  )
  return told as Told
}

async function readGist(
  database: Pick<Database, 'read'>,
  tenant: string,
  conversation: string,
): Promise<Gist | null> {
  const [gist] = await database.read<Gist>(
    tenant,
    prepared(
      'tekup_gist',
      sql`SELECT message_id AS "upTo", text, facts FROM agents.summaries
        WHERE tenant_id = ${tenant} AND conversation_id = ${conversation}`,
    ),
  )
  return gist ?? null
}
