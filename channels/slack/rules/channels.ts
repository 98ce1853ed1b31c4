import { v7 as uuidv7 } from 'uuid'
import { sql, type Core } from '#core'
import type { Outgoing } from '../outbox/outgoing.ts'
import type { Workspace } from '../install/workspace.ts'

interface Known {
  readonly name: string
}

/** Keeps that the app has met a channel, with the name that Slack has for it, so that admins find it in the settings. */
export async function rememberChannel(
  { core, out }: { readonly core: Core; readonly out: Outgoing },
  workspace: Workspace,
  channel: string,
): Promise<void> {
  const { tenant, id } = workspace
  const [known] = await core.database.read<Known>(
    tenant,
    sql`SELECT name FROM slack.channels
      WHERE tenant_id = ${tenant} AND workspace_id = ${id} AND channel = ${channel} AND updated_at > now() - interval '1 day'`,
  )
  if (known || channel.startsWith('D')) return
  const { channel: found } = (await out.call(workspace, 'conversations.info', { channel })) as {
    channel: { name?: string; is_im?: boolean; is_private?: boolean; is_ext_shared?: boolean }
  }
  if (found.is_im || found.name === undefined) return
  await core.database.transaction(tenant, 'READ WRITE', ({ query }) =>
    query(sql`
      INSERT INTO slack.channels (tenant_id, id, workspace_id, channel, name, is_private, is_shared)
      VALUES (${tenant}, ${uuidv7()}, ${id}, ${channel}, ${found.name}, ${found.is_private === true}, ${found.is_ext_shared === true})
      ON CONFLICT ON CONSTRAINT channel_of_workspace DO UPDATE
        SET name = excluded.name, is_private = excluded.is_private, is_shared = excluded.is_shared`),
  )
}
