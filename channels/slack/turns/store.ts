import { v7 as uuidv7 } from 'uuid'
import { join, sql, type Database, type Statement } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Said, SharedFile } from './event.ts'

export const leaseSeconds = 20

/** A message of Slack's. */
export interface Spot {
  readonly workspace: Workspace
  readonly channel: string
  readonly ts: string
}

export interface Thread {
  readonly conversation: string
  /** `ts` up to which the agent knows what was said. */
  readonly toldUpTo: string
  readonly isNew: boolean
}

export interface Kept {
  readonly ts: string
  readonly root: string
  readonly author: string
  readonly team: string | null
  readonly text: string
  readonly files: readonly SharedFile[]
  readonly edited: string
  readonly state: 'said' | 'asked' | 'answered' | 'stopped' | 'removed'
  /** Of a question: for whom (ours), its message in the conversation, and the name of its answer. */
  readonly person: string | null
  readonly message: string | null
  readonly answerKey: string | null
}

export type ThreadStore = ReturnType<typeof createThreadStore>

/** The threads in which agents take part, and what is said there; `worker` is this process. */
export function createThreadStore({ read, write, platformStatement }: Database, worker: string) {
  const lease = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`
  return {
    find: async (workspace: Workspace, channel: string, root: string): Promise<Thread | undefined> => {
      const [thread] = await read<Thread>(workspace.tenant, threadStatement(workspace, channel, root))
      return thread
    },
    /** The thread, begun where there is none; of two who begin it at once one does. */
    enter: async (workspace: Workspace, { channel, root }: Said): Promise<Thread> => {
      const [made] = await write<Thread>(
        workspace.tenant,
        sql`INSERT INTO slack.threads (tenant_id, workspace_id, channel, root, conversation_id)
          VALUES (${workspace.tenant}, ${workspace.id}, ${channel}, ${root}, ${uuidv7()}) ON CONFLICT DO NOTHING
          RETURNING conversation_id AS conversation, told_up_to AS "toldUpTo", true AS "isNew"`,
      )
      return made ?? (await read<Thread>(workspace.tenant, threadStatement(workspace, channel, root)))[0]!
    },
    /** Keeps what was said; what is known already, an edit of it perhaps, stays. */
    keep: async (workspace: Workspace, messages: readonly Said[]): Promise<void> => {
      if (messages.length === 0) return
      const rows = messages.map((said) => rowOf(workspace, said))
      await write(workspace.tenant, sql`${insertInto} VALUES ${join(rows, ', ')} ON CONFLICT DO NOTHING`)
    },
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
    read: async (spot: Spot): Promise<Kept | undefined> => {
      const [kept] = await read<Kept>(
        spot.workspace.tenant,
        sql`SELECT ${columns} FROM slack.messages m WHERE ${at(spot)}`,
      )
      return kept
    },
    /** Keeps an edit, and answers the message as it is now; nothing where a later edit is known. */
    change: async (workspace: Workspace, said: Said): Promise<Kept | undefined> => {
      const [kept] = await write<Kept>(
        workspace.tenant,
        sql`${insertInto} VALUES ${rowOf(workspace, said)}
          ON CONFLICT (tenant_id, workspace_id, channel, ts) DO UPDATE SET text = EXCLUDED.text, edited = EXCLUDED.edited
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
    /** Forgets its words; answers the message as it was. */
    remove: async (workspace: Workspace, said: Said): Promise<Kept | undefined> => {
      const spot = { workspace, channel: said.channel, ts: said.ts }
      const [before] = await write<Kept>(
        workspace.tenant,
        sql`WITH known AS (SELECT ${columns} FROM slack.messages m WHERE ${at(spot)} FOR UPDATE),
          gone AS (${insertInto} VALUES ${rowOf(workspace, { ...said, text: '', files: [] })}
            ON CONFLICT (tenant_id, workspace_id, channel, ts) DO UPDATE SET state = 'removed', text = '', files = '[]')
          SELECT * FROM known`,
      )
      if (!before)
        await write(workspace.tenant, sql`UPDATE slack.messages m SET state = 'removed' WHERE ${at(spot)}`)
      return before
    },
    /** Its message stands in the conversation, and the agent knows all that was said before it. */
    placed: (spot: Spot, root: string, message: string) =>
      write(
        spot.workspace.tenant,
        sql`WITH told AS (
            UPDATE slack.threads t SET told_up_to = greatest(t.told_up_to, ${spot.ts})
            WHERE t.tenant_id = ${spot.workspace.tenant} AND t.workspace_id = ${spot.workspace.id}
              AND t.channel = ${spot.channel} AND t.root = ${root})
          UPDATE slack.messages m SET message_id = ${message} WHERE ${at(spot)}`,
      ),
    /** Whether the question is asked still, in the words of that edit. */
    stands: async (spot: Spot, edited: string): Promise<boolean> => {
      const standing = sql`SELECT 1 FROM slack.messages m WHERE ${at(spot)} AND m.state = 'asked' AND m.edited = ${edited}`
      return (await read(spot.workspace.tenant, standing)).length > 0
    },
    settle: (spot: Spot, state: 'answered' | 'stopped') =>
      write(
        spot.workspace.tenant,
        sql`UPDATE slack.messages m SET state = ${state} WHERE ${at(spot)} AND m.state = 'asked'`,
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
    /** What was said beside the questions between two moments, the latest of it, oldest first. */
    saidBetween: (workspace: Workspace, channel: string, { root, after, before }: Stretch) =>
      read<Kept>(
        workspace.tenant,
        sql`SELECT * FROM (SELECT ${columns} FROM slack.messages m
          WHERE ${inThread(workspace, channel, root)} AND m.ts > ${after} AND m.ts < ${before} AND m.state = 'said'
          ORDER BY m.ts DESC LIMIT 50) latest ORDER BY ts`,
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

interface Stretch {
  readonly root: string
  readonly after: string
  readonly before: string
}

const insertInto = sql`INSERT INTO slack.messages AS m (tenant_id, workspace_id, channel, ts, root, author, team, text, files, edited, state,
  person_id, answer_key, worker, leased_until)`

interface Asking {
  readonly person: string
  readonly worker: string
  readonly lease: Statement
}

function rowOf({ tenant, id }: Workspace, said: Said, asking?: Asking): Statement {
  const { channel, ts, root, user, team, text, files, edited } = said
  const question = asking
    ? sql`'asked', ${asking.person}, ${edited}, ${asking.worker}, ${asking.lease}`
    : sql`'said', NULL, NULL, NULL, NULL`
  return sql`(${tenant}, ${id}, ${channel}, ${ts}, ${root}, ${user}, ${team ?? null}, ${storable(text)},
    ${JSON.stringify(files)}::jsonb, ${edited}, ${question})`
}

/** PostgreSQL keeps neither NUL nor half Unicode characters, and nobody types them. */
const storable = (text: string): string => text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '')

const columns = sql`m.ts, m.root, m.author, m.team, m.text, m.files, m.edited, m.state, m.person_id AS person,
  m.message_id AS message, m.answer_key AS "answerKey"`

const at = ({ workspace, channel, ts }: Spot): Statement =>
  sql`m.tenant_id = ${workspace.tenant} AND m.workspace_id = ${workspace.id} AND m.channel = ${channel} AND m.ts = ${ts}`

const inThread = ({ tenant, id }: Workspace, channel: string, root: string): Statement =>
  sql`m.tenant_id = ${tenant} AND m.workspace_id = ${id} AND m.channel = ${channel} AND m.root = ${root}`

const threadStatement = ({ tenant, id }: Workspace, channel: string, root: string): Statement => sql`
  SELECT conversation_id AS conversation, told_up_to AS "toldUpTo", false AS "isNew" FROM slack.threads
  WHERE tenant_id = ${tenant} AND workspace_id = ${id} AND channel = ${channel} AND root = ${root}`
