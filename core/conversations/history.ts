import type { Database } from '../database/database.ts'
import { prepared, raw, sql } from '../database/sql.ts'
import type { PastMessage } from './agentPort.ts'
import { callsOf, type KeptCalls } from './keptCalls.ts'
import type { ClaimedTurn } from './turnStore.ts'

/** What somebody else is called who said a message. */
const authorOf = raw(`coalesce(m.author, (
  SELECT p.name FROM platform.people p WHERE m.role = 'person' AND p.id = m.person_id))`)

/** Messages that an agent remembers of its conversation; older ones are still there to be read by people. */
const remembered = 60

/** Before every message. */
const beginning = '00000000-0000-0000-0000-000000000000'

/**
 * What was said before this turn's message, oldest first: of what the agent has summed up only what its person has replaced, for
 * which something may still wait. Of what the agent called for somebody else in a shared conversation only its words are told:
 * this person may not be allowed to read what it found.
 */
export async function historyBefore(
  database: Database,
  turn: ClaimedTurn,
  person: string,
  summedUpTo = beginning,
): Promise<readonly PastMessage[]> {
  if (turn.isFirst) return []
  // What keeps its message may also have ended a turn that was left, whose reply is part of what was said.
  await turn.kept
  const last = await database.read<KeptMessage>(
    turn.tenant,
    prepared(
      'tekup_history',
      sql`
    SELECT id, role, author, text, calls, packed, "isReplaced" FROM (
      SELECT m.id, m.role, m.text, CASE WHEN m.person_id = ${person} THEN m.author ELSE ${authorOf} END AS author,
        CASE WHEN m.person_id = ${person} THEN platform.settled_calls(m.calls) ELSE '[]' END AS calls,
        CASE WHEN m.person_id = ${person} THEN m.packed_calls END AS packed, m.replaced_by IS NOT NULL AS "isReplaced"
      FROM platform.messages m
      WHERE m.tenant_id = ${turn.tenant} AND m.conversation_id = ${turn.conversation} AND m.status <> 'running'
        AND m.id < ${turn.message}
      ORDER BY m.id DESC LIMIT ${raw(String(remembered))}) last
    WHERE id > ${summedUpTo} OR "isReplaced"
    ORDER BY id`,
    ),
  )
  return last.map(pastMessage)
}

type KeptMessage = Omit<PastMessage, 'calls'> & KeptCalls

/** Its calls are unpacked when somebody looks: of a long conversation most are only passed by. */
function pastMessage({ packed, calls, ...message }: KeptMessage): PastMessage {
  let made: PastMessage['calls'] | undefined
  return {
    ...message,
    get calls() {
      return (made ??= callsOf({ packed, calls }))
    },
  }
}
