import { sql, type Database, type Statement } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Said } from './event.ts'
import { askedAt, at, columnsFor, insertInto, inThread, rowOf, type Kept, type Spot } from './kept.ts'

export const leaseSeconds = 20

/** Seconds after which an answer that stands is not made anew: who changes a word the day after wants no new answer. */
const answeredFor = 24 * 3600

/** Questions under a lease, from when they are asked until their answer stands; `worker` is this process. */
export function createQuestions({ read, write, platformStatement }: Database, worker: string) {
  const lease = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`
  const columns = columnsFor(worker)
  return {
    /** Keeps it as a question that this process answers; false where that was done before, or it was taken back. */
    ask: async (workspace: Workspace, said: Said, person: string): Promise<boolean> => {
      const asked = await write(
        workspace.tenant,
        sql`${insertInto} VALUES ${rowOf(workspace, said, { person, worker, lease })}
          ON CONFLICT (tenant_id, workspace_id, channel, ts) DO UPDATE SET state = 'asked', person_id = EXCLUDED.person_id,
            answer_key = EXCLUDED.answer_key, worker = EXCLUDED.worker, leased_until = EXCLUDED.leased_until
            WHERE m.state = 'said' RETURNING 1`,
      )
      return asked.length > 0
    },
    /**
     * Keeps an edit, and answers the message as it is now; nothing where a later edit is known. The last question of this employee
     * in its thread is asked anew by it, and answered by this process.
     */
    change: async (workspace: Workspace, said: Said, employee: string | null): Promise<Kept | undefined> => {
      const isAnew = sql`(${isAnsweredLast(employee)}) IS TRUE`
      const [kept] = await write<Kept>(
        workspace.tenant,
        sql`${insertInto} VALUES ${rowOf(workspace, said)}
          ON CONFLICT (tenant_id, workspace_id, channel, ts) DO UPDATE SET text = EXCLUDED.text, edited = EXCLUDED.edited,
            (state, answer_key, former, done, asked_at, worker, leased_until) = (
              SELECT 'asked', EXCLUDED.edited, ${formerAnswer}, '{}'::text[], clock_timestamp(), ${worker}::uuid, ${lease} WHERE ${isAnew}
              UNION ALL SELECT m.state, m.answer_key, m.former, m.done, m.asked_at, m.worker, m.leased_until WHERE NOT ${isAnew})
            WHERE m.edited < EXCLUDED.edited AND m.state <> 'removed' RETURNING ${columns}`,
      )
      return kept
    },
    /** This process answers the changed question, in place of the one that answered it before. */
    takeOver: (spot: Spot) =>
      write(
        spot.workspace.tenant,
        sql`UPDATE slack.messages m SET worker = ${worker}, leased_until = ${lease}, answer_key = m.edited
          WHERE ${at(spot)} AND m.state = 'asked'`,
      ),
    /**
     * Its message stands in the conversation, and the agent knows all that was said before it. False where the question was stopped
     * or changed before anybody could know that message.
     */
    placed: async (spot: Spot, asked: Kept, message: string): Promise<boolean> => {
      const [placed] = await write<{ stands: boolean }>(
        spot.workspace.tenant,
        sql`WITH told AS (
            UPDATE slack.threads t SET told_up_to = greatest(t.told_up_to, ${askedAt(asked)})
            WHERE t.tenant_id = ${spot.workspace.tenant} AND t.workspace_id = ${spot.workspace.id}
              AND t.channel = ${spot.channel} AND t.root = ${asked.root})
          UPDATE slack.messages m SET message_id = ${message} WHERE ${at(spot)}
          RETURNING m.state = 'asked' AND m.edited = ${asked.edited} AS stands`,
      )
      return placed?.stands ?? false
    },
    /** Adds what was done for it. */
    noteDone: (spot: Spot, done: readonly string[]) =>
      write(
        spot.workspace.tenant,
        sql`UPDATE slack.messages m SET done = m.done || ARRAY(SELECT each FROM unnest(${done}::text[]) each WHERE each <> ALL (m.done))
          WHERE ${at(spot)} AND m.state <> 'removed'`,
      ),
    /** Whether the question is asked still, in the words of that edit. */
    stands: async (spot: Spot, edited: string): Promise<boolean> => {
      const standing = sql`SELECT 1 FROM slack.messages m WHERE ${at(spot)} AND m.state = 'asked' AND m.edited = ${edited}`
      return (await read(spot.workspace.tenant, standing)).length > 0
    },
    /**
     * Its answer stands in Slack. Where it was changed in that moment it is asked anew, in the words that it has now; nothing where it
     * is not this process's to answer any more.
     */
    answered: async (spot: Spot, { edited, answerKey }: Kept): Promise<'answered' | 'asked' | undefined> => {
      const [settled] = await write<{ state: 'answered' | 'asked' }>(
        spot.workspace.tenant,
        sql`UPDATE slack.messages m SET (state, answer_key, former, done, asked_at) = (
            SELECT 'answered', m.answer_key, m.former, m.done, m.asked_at WHERE m.edited = ${edited}
            UNION ALL SELECT 'asked', m.edited, ${formerAnswer}, '{}'::text[], clock_timestamp() WHERE m.edited <> ${edited})
          WHERE ${at(spot)} AND m.state = 'asked' AND m.answer_key = ${answerKey} RETURNING m.state`,
      )
      return settled?.state
    },
    stop: (spot: Spot) =>
      write(
        spot.workspace.tenant,
        sql`UPDATE slack.messages m SET state = 'stopped' WHERE ${at(spot)} AND m.state = 'asked'`,
      ),
    /** Nobody of a workspace that has ended is answered any more, whoever was to answer. */
    stopAll: (tenant: string, workspace: string) =>
      write(
        tenant,
        sql`UPDATE slack.messages m SET state = 'stopped'
          WHERE m.tenant_id = ${tenant} AND m.workspace_id = ${workspace} AND m.state = 'asked'`,
      ),
    askedIn: (workspace: Workspace, channel: string, root: string) =>
      read<Kept>(
        workspace.tenant,
        sql`SELECT ${columns} FROM slack.messages m WHERE ${inThread(workspace, channel, root)} AND m.state = 'asked'`,
      ),
    /** Questions whose process is gone. */
    claim: (most: number) =>
      platformStatement<Claimed>(
        sql`SELECT * FROM slack.claim_questions(${worker}, ${most}, ${leaseSeconds})`,
      ),
    keepLeases: () => platformStatement(sql`SELECT slack.keep_questions(${worker}, ${leaseSeconds})`),
  }
}

export type Claimed = Workspace & { readonly channel: string; readonly ts: string }

/** The answer that it has, of a question that gets another. */
const formerAnswer = sql`jsonb_build_object('answer', m.answer_key, 'done', m.done)`

/** Whether a message is the last question of this employee in its thread, and not worked on any more. */
const isAnsweredLast = (employee: string | null): Statement => sql`
  m.person_id = ${employee}::uuid AND m.state IN ('answered', 'stopped')
  AND m.created_at > clock_timestamp() - make_interval(secs => ${answeredFor})
  AND NOT EXISTS (
    SELECT FROM slack.messages later
    WHERE later.tenant_id = m.tenant_id AND later.workspace_id = m.workspace_id AND later.channel = m.channel AND later.root = m.root
      AND later.ts > m.ts AND later.person_id = m.person_id AND later.state <> 'removed')`
