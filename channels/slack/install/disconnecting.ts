import { z } from 'zod'
import { operation, sql } from '#core'
import { callSlack, slackClient } from './client.ts'
import { ConnectedWorkspace, readWorkspace, workspaceId } from './connected.ts'
import type { SlackSettings } from './settings.ts'
import { tokenPlace } from './tokens.ts'

/** Nothing goes in or out any more, whether or not Slack takes the token back. */
export const disconnectWorkspace = (settings: SlackSettings) =>
  operation({
    name: 'slack.workspaces.disconnect',
    summary: 'Disconnect a Slack workspace: its token is given back and forgotten, and what runs there stops',
    effect: 'destroy',
    personOnly: true,
    input: z.object({ id: workspaceId }),
    output: ConnectedWorkspace,
    async outside({ id }, { tenant, query, vault, egress }) {
      await readWorkspace(query, id)
      const [row] = await query<{ token: Buffer | null }>(
        sql`SELECT token FROM slack.workspaces WHERE tenant_id = ${tenant.id} AND id = ${id}`,
      )
      if (!row?.token) return async () => undefined
      const token = await vault.open(tokenPlace(id), row.token)
      const client = await slackClient({ config: { SLACK_API_URL: settings.SLACK_API_URL }, egress }, token)
      return () => callSlack(client, 'auth.revoke', {}).then(() => undefined, () => undefined)
    },
    async run({ id }, { tenant, query, clock }) {
      await query(sql`
        UPDATE slack.workspaces SET ended_at = ${clock.now()}, ended_because = 'disconnected', token = NULL, refresh_token = NULL,
          token_expires_at = NULL
        WHERE tenant_id = ${tenant.id} AND id = ${id} AND ended_at IS NULL`)
      return readWorkspace(query, id)
    },
  }) // prettier-ignore
