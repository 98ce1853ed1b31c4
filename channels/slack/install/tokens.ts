import { sql, type Core } from '#core'
import { SlackRefusal } from './refusal.ts'
import type { Workspace } from './workspace.ts'

export const tokenPlace = (id: string) => ({ table: 'slack.workspaces', column: 'token', id })
export const refreshPlace = (id: string) => ({ table: 'slack.workspaces', column: 'refresh_token', id })

/**
 * The token of the workspace's bot.
 *
 * @throws SlackRefusal `account_inactive` once the workspace has ended.
 */
export async function readToken({ database, vault }: Core, { tenant, id }: Workspace): Promise<string> {
  return database.transaction(tenant, 'READ WRITE', async ({ query }) => {
    const [row] = await query<{ token: Buffer | null }>(
      sql`SELECT token FROM slack.workspaces WHERE tenant_id = ${tenant} AND id = ${id} AND ended_at IS NULL`,
    )
    if (!row?.token) throw new SlackRefusal('refused', 'account_inactive')
    return vault.of(tenant, query).open(tokenPlace(id), row.token)
  })
}
