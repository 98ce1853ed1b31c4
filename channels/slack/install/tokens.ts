import { setTimeout as pause } from 'node:timers/promises'
import { sql, type Core } from '#core'
import { appById } from './apps.ts'
import { callSlack, slackClient } from './client.ts'
import { endingOf, endWorkspace, type Ending } from './ending.ts'
import { SlackRefusal, switchedOff } from './refusal.ts'
import type { Workspace } from './workspace.ts'

export const tokenPlace = (id: string) => ({ table: 'slack.workspaces', column: 'token', id })
export const refreshPlace = (id: string) => ({ table: 'slack.workspaces', column: 'refresh_token', id })

type Named = Pick<Workspace, 'tenant' | 'id'>

export interface Tokens {
  /**
   * The token of the workspace's bot, fetched anew where it is about to expire or is the one that Slack has just refused:
   * once, however many ask for it, in however many processes.
   *
   * @throws SlackRefusal `account_inactive` once the workspace has ended, `switched_off` while its company has Slack off.
   */
  fresh(workspace: Named, refused?: string): Promise<string>
  /** Slack takes the token for good no more: ends the workspace, unless it has another one by now. */
  end(workspace: Named, token: string, because: Ending): Promise<void>
  /** Fetches those that will have expired within the seconds. */
  refreshExpiring(seconds: number): Promise<void>
}

interface TokenRow {
  readonly token: Buffer
  readonly refresh: Buffer | null
  readonly expires: Date | null
  readonly ownApp: string | null
  readonly isOff: boolean
}

/** Milliseconds before its end from which a token is not used any more. */
const margin = 2 * 60_000
/** Seconds that one process gets to fetch a new token. */
const refreshing = 15

export function createTokens(core: Core): Tokens {
  const underway = new Map<string, Promise<string>>()
  const fresh: Tokens['fresh'] = async (workspace, refused) => {
    const row = await readRow(core, workspace)
    if (row.isOff) throw new SlackRefusal('refused', switchedOff)
    const token = await open(core, workspace, row)
    if (token !== refused && !isExpiring(core, row)) return token
    if (row.refresh === null) {
      if (token === refused) throw new SlackRefusal('refused', 'token_expired')
      return token
    }
    const known = underway.get(workspace.id)
    if (known) return known
    const fetching = refresh(core, workspace, row, token).finally(() => underway.delete(workspace.id))
    underway.set(workspace.id, fetching)
    return fetching
  }
  return {
    fresh,
    end: async (workspace, token, because) => {
      const row = await findRow(core, workspace)
      if (row && (await open(core, workspace, row)) === token)
        await endWorkspace(core, workspace, because, row)
    },
    refreshExpiring: async (seconds) => {
      const rows = await core.database.platformStatement<{ tenant: string; id: string }>(
        sql`SELECT * FROM slack.expiring_workspaces(${seconds})`,
      )
      for (const workspace of rows) await refreshAhead(core, fresh, workspace, seconds)
    },
  }
}

const isExpiring = ({ clock }: Core, { expires }: TokenRow, within = margin): boolean =>
  expires !== null && expires.getTime() - within < clock.now().getTime()

/** Nothing where another process was faster: what it has fetched lives long enough. */
async function refreshAhead(
  core: Core,
  fresh: Tokens['fresh'],
  workspace: Named,
  seconds: number,
): Promise<void> {
  try {
    const row = await readRow(core, workspace)
    if (!isExpiring(core, row, seconds * 1000)) return
    await fresh(workspace, await open(core, workspace, row))
  } catch (error) {
    core.log.warn({ err: error, workspace: workspace.id }, 'a token of Slack’s could not be fetched ahead')
  }
}

async function readRow(core: Core, workspace: Named): Promise<TokenRow> {
  const row = await findRow(core, workspace)
  if (!row) throw new SlackRefusal('refused', 'account_inactive')
  return row
}

/** Nothing once the workspace has ended. */
async function findRow({ database }: Core, { tenant, id }: Named): Promise<TokenRow | undefined> {
  const [row] = await database.read<TokenRow>(
    tenant,
    sql`SELECT token, refresh_token AS refresh, token_expires_at AS expires, own_app_id AS "ownApp",
        EXISTS (SELECT FROM platform.domains_off d WHERE d.tenant_id = ${tenant} AND d.domain = 'slack') AS "isOff"
      FROM slack.workspaces WHERE tenant_id = ${tenant} AND id = ${id} AND ended_at IS NULL`,
  )
  return row
}

const vaultOf = ({ vault, database }: Core, tenant: string) =>
  vault.of(tenant, (statement) => database.read(tenant, statement))

const open = (core: Core, { tenant, id }: Named, { token }: TokenRow): Promise<string> =>
  vaultOf(core, tenant).open(tokenPlace(id), token)

/** Whoever comes second waits for what the first one fetches: a refresh token is good for one use. */
async function refresh(core: Core, workspace: Named, before: TokenRow, old: string): Promise<string> {
  const until = Date.now() + refreshing * 1000 + 5_000
  let row = before
  while (Date.now() < until) {
    if (await claimRefresh(core, workspace, row)) return fetchToken(core, workspace, row)
    await pause(100)
    row = await readRow(core, workspace)
    const token = await open(core, workspace, row)
    if (token !== old) return token
  }
  throw new SlackRefusal('unknown', 'token_expired')
}

async function claimRefresh(
  { database }: Core,
  { tenant, id }: Named,
  { token }: TokenRow,
): Promise<boolean> {
  const claimed = await database.write(
    tenant,
    sql`UPDATE slack.workspaces SET refreshing_until = clock_timestamp() + make_interval(secs => ${refreshing})
      WHERE tenant_id = ${tenant} AND id = ${id} AND ended_at IS NULL AND token = ${token}
        AND (refreshing_until IS NULL OR refreshing_until < clock_timestamp())
      RETURNING id`,
  )
  return claimed.length > 0
}

async function fetchToken(core: Core, workspace: Named, row: TokenRow): Promise<string> {
  const { tenant, id } = workspace
  const app = await appById(core, tenant, row.ownApp)
  if (!app) throw new SlackRefusal('refused', 'invalid_client_id')
  const refreshToken = await vaultOf(core, tenant).open(refreshPlace(id), row.refresh!)
  try {
    const answer = await callSlack(await slackClient(core), 'oauth.v2.access', {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    })
    return await keepToken(core, workspace, row, answer)
  } catch (error) {
    await letGo(core, workspace, row)
    const because = endingOf(error)
    if (because) await endWorkspace(core, workspace, because, row)
    throw error
  }
}

/** Where an admin has connected the workspace anew meanwhile, the token of that stays. */
async function keepToken(
  core: Core,
  workspace: Named,
  before: TokenRow,
  answer: Record<string, unknown>,
): Promise<string> {
  const { tenant, id } = workspace
  const token = String(answer['access_token'])
  const refreshToken = String(answer['refresh_token'])
  const expires = new Date(core.clock.now().getTime() + Number(answer['expires_in']) * 1000)
  const kept = await core.database.transaction(tenant, 'READ WRITE', async ({ query }) => {
    const vault = core.vault.of(tenant, query)
    const sealed = await vault.seal(tokenPlace(id), token)
    const sealedRefresh = await vault.seal(refreshPlace(id), refreshToken)
    return query(sql`
      UPDATE slack.workspaces SET token = ${sealed}, refresh_token = ${sealedRefresh}, token_expires_at = ${expires}, refreshing_until = NULL
      WHERE tenant_id = ${tenant} AND id = ${id} AND ended_at IS NULL AND token = ${before.token} RETURNING id`)
  })
  return kept.length > 0 ? token : open(core, workspace, await readRow(core, workspace))
}

const letGo = async ({ database }: Core, { tenant, id }: Named, { token }: TokenRow): Promise<void> =>
  void (await database.write(
    tenant,
    sql`UPDATE slack.workspaces SET refreshing_until = NULL
      WHERE tenant_id = ${tenant} AND id = ${id} AND token = ${token}`,
  ))
