import { v7 as uuidv7 } from 'uuid'
import { sql } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { SlackParts } from '../parts.ts'

interface Known {
  readonly name: string
}

interface Found {
  readonly name?: string
  readonly is_im?: boolean
  readonly is_mpim?: boolean
  readonly is_private?: boolean
  readonly is_ext_shared?: boolean
}

type Parts = Pick<SlackParts, 'core' | 'out' | 'people'>

/** Keeps that the app has met a channel, with the name that people know it by, so that admins find it in the settings. */
export async function rememberChannel(parts: Parts, workspace: Workspace, channel: string): Promise<void> {
  if (channel.startsWith('D')) return
  const { core, out } = parts
  const { tenant, id } = workspace
  const [known] = await core.database.read<Known>(
    tenant,
    sql`SELECT name FROM slack.channels
      WHERE tenant_id = ${tenant} AND workspace_id = ${id} AND channel = ${channel} AND updated_at > now() - interval '1 day'`,
  )
  if (known) return
  const { channel: found } = (await out.call(workspace, 'conversations.info', { channel })) as {
    channel: Found
  }
  if (found.is_im || found.name === undefined) return
  const name = found.is_mpim ? await namesIn(parts, workspace, channel) : found.name
  await core.database.transaction(tenant, 'READ WRITE', ({ query }) =>
    query(sql`
      INSERT INTO slack.channels (tenant_id, id, workspace_id, channel, name, is_private, is_shared)
      VALUES (${tenant}, ${uuidv7()}, ${id}, ${channel}, ${name}, ${found.is_private === true}, ${found.is_ext_shared === true})
      ON CONFLICT ON CONSTRAINT channel_of_workspace DO UPDATE
        SET name = excluded.name, is_private = excluded.is_private, is_shared = excluded.is_shared`),
  )
}

/** Who is in the direct message of a group, for which Slack has no name but their ids. */
async function namesIn({ out, people }: Parts, workspace: Workspace, channel: string): Promise<string> {
  const { members } = (await out.call(workspace, 'conversations.members', { channel })) as {
    members: string[]
  }
  const others = members.filter((member) => member !== workspace.botUserId)
  const names = await people.namesOf(workspace, others)
  return names.toSorted((one, other) => one.localeCompare(other, 'da')).join(', ')
}
