import { join, sql, type Database } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Said } from './event.ts'
import { at, columnsFor, insertInto, inThread, rowOf, type Kept, type Spot } from './kept.ts'
import { createQuestions } from './questions.ts'
import { createThreads } from './threads.ts'

export type ThreadStore = ReturnType<typeof createThreadStore>

/** The threads in which agents take part, and what is said there; `worker` is this process. */
export function createThreadStore(database: Database, worker: string) {
  const { read, write } = database
  const columns = columnsFor(worker)
  return {
    ...createThreads(database),
    ...createQuestions(database, worker),
    /** Keeps what was said; what is known already, an edit of it perhaps, stays. */
    keep: async (workspace: Workspace, messages: readonly Said[]): Promise<void> => {
      if (messages.length === 0) return
      const rows = messages.map((said) => rowOf(workspace, said))
      await write(workspace.tenant, sql`${insertInto} VALUES ${join(rows, ', ')} ON CONFLICT DO NOTHING`)
    },
    read: async (spot: Spot): Promise<Kept | undefined> => {
      const [kept] = await read<Kept>(
        spot.workspace.tenant,
        sql`SELECT ${columns} FROM slack.messages m WHERE ${at(spot)}`,
      )
      return kept
    },
    /** Forgets its words; answers the message as it was. */
    remove: async (workspace: Workspace, said: Said): Promise<Kept | undefined> => {
      const spot = { workspace, channel: said.channel, ts: said.ts }
      const [before] = await write<Kept>(
        workspace.tenant,
        sql`WITH known AS (SELECT ${columns} FROM slack.messages m WHERE ${at(spot)} FOR UPDATE),
          gone AS (${insertInto} VALUES ${rowOf(workspace, { ...said, text: '', files: [] })}
            ON CONFLICT (tenant_id, workspace_id, channel, ts) DO UPDATE
              SET state = 'removed', text = '', files = '[]', done = '{}', former = NULL)
          SELECT * FROM known`,
      )
      if (!before)
        await write(workspace.tenant, sql`UPDATE slack.messages m SET state = 'removed' WHERE ${at(spot)}`)
      return before
    },
    /** What was said beside the questions between two moments, the latest of it, oldest first. */
    saidBetween: (workspace: Workspace, channel: string, { root, after, before }: Stretch) =>
      read<Kept>(
        workspace.tenant,
        sql`SELECT * FROM (SELECT ${columns} FROM slack.messages m
          WHERE ${inThread(workspace, channel, root)} AND m.ts > ${after} AND m.ts < ${before} AND m.state = 'said'
          ORDER BY m.ts DESC LIMIT 50) latest ORDER BY ts`,
      ),
  }
}

interface Stretch {
  readonly root: string
  readonly after: string
  readonly before: string
}
