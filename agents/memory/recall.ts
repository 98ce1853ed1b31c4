import { BoundedMap, prepared, rememberUnderMark, sql, type AgentTurn, type Database } from '#core'
import type { PhraseMark } from '../learning/brains.ts'
import { dueForGist, mostWhole, untold, type Gist } from './gist.ts'

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

/** People whose notes are remembered, and conversations whose gist is. */
const mostRemembered = 5_000

type Recall = (
  turn: Pick<AgentTurn, 'tenant' | 'person' | 'conversation' | 'history' | 'mark'>,
) => Promise<Recalled>

interface Memory {
  readonly recall: Recall
  /** The last message that the gist tells of, as far as it is known here. */
  summedUpTo(tenant: string, conversation: string): string | undefined
  /** Knows a gist that was kept just now, without reading it. */
  know(tenant: string, conversation: string, gist: Gist): void
}

export function createMemory(database: Pick<Database, 'read'>): Memory {
  const remembered = rememberUnderMark<Told>(mostRemembered)
  const known = new BoundedMap<Gist>(mostRemembered)
  return {
    recall: async (turn) => {
      const { tenant, person, mark } = turn
      const [told, gist] = await Promise.all([
        remembered(`${tenant.id} ${person.id}`, mark, () => readTold(database, tenant.id, person.id)),
        gistOf(database, known, turn),
      ])
      return { ...told, gist }
    },
    summedUpTo: (tenant, conversation) => known.get(placeOf(tenant, conversation))?.upTo,
    know: (tenant, conversation, gist) => {
      const place = placeOf(tenant, conversation)
      const before = known.get(place)
      if (!before || before.upTo < gist.upTo) known.set(place, gist)
    },
  }
}

const placeOf = (tenant: string, conversation: string): string => `${tenant} ${conversation}`

/**
 * A gist that was read before still tells the truth when a newer one is kept meanwhile: it only tells of less. It is read anew
 * once messages that it does not tell of are no longer among those that are told word for word.
 */
async function gistOf(
  database: Pick<Database, 'read'>,
  known: BoundedMap<Gist>,
  { tenant, conversation, history }: Parameters<Recall>[0],
): Promise<Gist | null> {
  const place = placeOf(tenant.id, conversation)
  const before = known.get(place) ?? null
  const isEnough = before
    ? untold(history, before).length <= mostWhole
    : dueForGist(history, null).length === 0
  if (isEnough) return before
  const gist = await readGist(database, tenant.id, conversation)
  if (gist) known.set(place, gist)
  return gist
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
