import { sql, type Core } from '#core'
import { SlackRefusal } from './refusal.ts'
import type { Workspace } from './workspace.ts'

/** Why nothing goes to or from a workspace any more. Of an app that is removed Slack also says that its token is taken back. */
export const endings = ['uninstalled', 'refused', 'disconnected'] as const
export type Ending = (typeof endings)[number]

/** Slack's answers after which no call will ever be taken with what we have. */
const lasting: Readonly<Record<string, Ending>> = {
  account_inactive: 'uninstalled',
  invalid_auth: 'refused',
  token_revoked: 'uninstalled',
  invalid_refresh_token: 'refused',
}

export const endingOf = (error: unknown): Ending | undefined =>
  error instanceof SlackRefusal && error.kind === 'refused' ? lasting[error.code] : undefined

/** What the end was heard by. */
interface Heard {
  /** As it is kept: the token that Slack takes no more. */
  readonly token?: Buffer | null
  /** When Slack told of it. */
  readonly told?: Date | null
}

/** Seconds between two clocks, ours and Slack's; a call that Slack refuses ends what this lets go on. */
const clocksDiffer = 5

/**
 * Ends it for every process: its tokens are forgotten, what it told and nobody has begun is dropped, work for it stops.
 * One that has been connected anew meanwhile goes on.
 */
export async function endWorkspace(
  { database, log }: Core,
  { tenant, id }: Pick<Workspace, 'tenant' | 'id'>,
  because: Ending,
  { token = null, told = null }: Heard,
): Promise<void> {
  const ended = await database.write(
    tenant,
    sql`UPDATE slack.workspaces SET ended_at = clock_timestamp(), ended_because = ${because}, token = NULL, refresh_token = NULL,
        token_expires_at = NULL, refreshing_until = NULL
      WHERE tenant_id = ${tenant} AND id = ${id} AND ended_at IS NULL AND (${token}::bytea IS NULL OR token = ${token}::bytea)
        AND (${told}::timestamptz IS NULL OR connected_at < ${told}::timestamptz + make_interval(secs => ${clocksDiffer}))
      RETURNING id`,
  )
  if (ended.length > 0) log.warn({ workspace: id, because }, 'a Slack workspace has ended')
}

/** Seconds that a connection may have been dead before anybody knew, and more. */
const unheard = 60

/** Tells the rooms of this process which workspaces have ended, whichever process heard of it first. */
export interface Endings {
  /** Called with our id of the workspace and its company's, perhaps more than once. */
  follow(hear: (workspaceId: string, tenant: string) => void): void
  close(): Promise<void>
}

export function createEndings({ database, log }: Core): Endings {
  const hearers = new Set<(workspaceId: string, tenant: string) => void>()
  const tell = (payload: string): void => {
    const [tenant = '', id = ''] = payload.split(' ')
    for (const hear of hearers) {
      try {
        hear(id, tenant)
      } catch (error) {
        log.error({ err: error }, 'what a workspace’s end asks for failed')
      }
    }
  }
  let heardLast = performance.now()
  /** What was said while nobody could hear it here: to end what has ended does no harm. */
  const lookBack = async (): Promise<void> => {
    const seconds = Math.ceil((performance.now() - heardLast) / 1_000) + unheard
    const ended = await database.platformStatement<{ tenant: string; id: string }>(
      sql`SELECT tenant, id FROM slack.ended_workspaces(${seconds})`,
    )
    for (const { tenant, id } of ended) tell(`${tenant} ${id}`)
  }
  const onHearing = (hears: boolean): void => {
    if (!hears) heardLast = performance.now()
    else lookBack().catch((error: unknown) => log.error({ err: error }, 'workspaces that have ended could not be looked for')) // prettier-ignore
  }
  const following = database.notifications.follow('tekup_slack_ended', { onNotification: tell, onHearing })
  return { follow: (hear) => void hearers.add(hear), close: async () => following.end() }
}
