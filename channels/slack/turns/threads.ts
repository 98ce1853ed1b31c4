import { v7 as uuidv7 } from 'uuid'
import { sql, type Database, type Statement } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Said } from './event.ts'

export interface Thread {
  readonly conversation: string
  /** `ts` up to which the agent knows what was said. */
  readonly toldUpTo: string
  readonly isNew: boolean
}

/** The threads in which agents take part: each is a conversation. */
export function createThreads({ read, write }: Database) {
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
  }
}

const threadStatement = ({ tenant, id }: Workspace, channel: string, root: string): Statement => sql`
  SELECT conversation_id AS conversation, told_up_to AS "toldUpTo", false AS "isNew" FROM slack.threads
  WHERE tenant_id = ${tenant} AND workspace_id = ${id} AND channel = ${channel} AND root = ${root}`
