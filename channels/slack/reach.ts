import { sql, type Core } from '#core'
import type { Workspace } from './install/workspace.ts'

/** A workspace by our id; nothing once it has ended. */
export async function workspaceById(
  { database }: Pick<Core, 'database'>,
  tenant: string,
  id: string,
): Promise<Workspace | undefined> {
  const [workspace] = await database.read<Workspace>(
    tenant,
    sql`SELECT tenant_id AS tenant, id, app_id AS "appId", team_id AS "teamId", enterprise_id AS "enterpriseId",
        bot_user_id AS "botUserId", bot_id AS "botId", name
      FROM slack.workspaces WHERE tenant_id = ${tenant} AND id = ${id} AND ended_at IS NULL`,
  )
  return workspace
}

/** Who an employee is in a workspace; nothing where they have not said so. */
export async function slackUserOf(
  { database }: Pick<Core, 'database'>,
  { tenant, id }: Workspace,
  employee: string,
): Promise<string | undefined> {
  const [known] = await database.read<{ user: string }>(
    tenant,
    sql`SELECT slack_user AS "user" FROM slack.people
      WHERE tenant_id = ${tenant} AND workspace_id = ${id} AND employee_id = ${employee} AND standing = 'member'
      ORDER BY linked_at DESC LIMIT 1`,
  )
  return known?.user
}
