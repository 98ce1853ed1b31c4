import { prepared, sql, unhurried, type Core } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Addressee, InboxEvent } from './envelope.ts'

/** The Slack app that a delivery was signed for: a company's own, or (null) the installation's. */
export type OwnApp = string | null

/** `own`: the bot wrote it itself. `nobody`: no company here has that workspace connected and Slack switched on. */
export type Taken = 'kept' | 'known' | 'nobody' | 'own'

/** An event that this process has claimed. */
export interface Claimed {
  readonly tenant: string
  readonly id: string
  readonly body: string
  readonly attempts: number
  readonly workspace: Workspace
  /** False once the workspace has ended, or its company has switched Slack off. */
  readonly connected: boolean
}

type ClaimedRow = Omit<Claimed, 'workspace'> &
  Omit<Workspace, 'tenant' | 'id'> & { readonly workspaceId: string }

/** Seconds that a claim holds unless its worker says again that it lives. */
export const leaseSeconds = 60

export interface InboxStore {
  /** Resolves once it is on the disk. */
  takeIn(ownApp: OwnApp, to: Addressee, event: InboxEvent, body: string): Promise<Taken>
  claim(worker: string, most: number): Promise<Claimed[]>
  keep(worker: string): Promise<void>
  /** Ends it, unless another worker has taken it over. A crash of the server may undo that, and it is heard again. */
  finish(worker: string, claimed: Claimed, outcome: 'done' | 'dropped' | 'failed'): Promise<void>
  /** Gives it back for so many seconds later. */
  release(worker: string, claimed: Claimed, seconds: number): Promise<void>
  workspaceOf(ownApp: OwnApp, to: Addressee): Promise<Workspace | undefined>
}

export function createInboxStore({ database }: Pick<Core, 'database'>, lease = leaseSeconds): InboxStore {
  return {
    takeIn: async (ownApp, { app, team, enterprise }, { id, message, lane, happened, author }, body) => {
      const [row] = await database.platformStatement<{ taken: Taken }>(
        prepared(
          'tekup_slack_take_in',
          sql`SELECT slack.take_in(${ownApp}, ${app ?? null}, ${team ?? null}, ${enterprise ?? null}, ${id}, ${message ?? null}, ${lane}, ${happened}, ${author ?? null}, ${body}) AS taken`,
        ),
      )
      return row!.taken
    },
    claim: async (worker, most) => {
      const rows = await database.platformStatement<ClaimedRow>(
        prepared('tekup_slack_claim', sql`SELECT * FROM slack.claim_inbox(${worker}, ${most}, ${lease})`),
      )
      return rows.map(claimedOf)
    },
    keep: async (worker) =>
      void (await database.platformStatement(sql`SELECT slack.keep_claims(${worker}, ${lease})`)),
    finish: async (worker, { tenant, id }, outcome) =>
      void (await database.write(
        tenant,
        prepared(
          'tekup_slack_finish',
          sql`UPDATE slack.inbox SET done_at = clock_timestamp(), outcome = ${outcome}, body = NULL, worker = NULL, leased_until = NULL
            FROM ${unhurried} WHERE tenant_id = ${tenant} AND id = ${id} AND worker = ${worker} AND done_at IS NULL`,
        ),
      )),
    release: async (worker, { tenant, id }, seconds) =>
      void (await database.write(
        tenant,
        sql`UPDATE slack.inbox SET worker = NULL, leased_until = NULL, run_at = clock_timestamp() + make_interval(secs => ${seconds})
          WHERE tenant_id = ${tenant} AND id = ${id} AND worker = ${worker} AND done_at IS NULL`,
      )),
    workspaceOf: async (ownApp, { app, team, enterprise }) =>
      (
        await database.platformStatement<Workspace>(
          prepared(
            'tekup_slack_workspace_of',
            sql`SELECT * FROM slack.workspace_of(${ownApp}, ${app ?? null}, ${team ?? null}, ${enterprise ?? null})`,
          ),
        )
      )[0],
  }
}

function claimedOf({ tenant, id, body, attempts, connected, workspaceId, ...of }: ClaimedRow): Claimed {
  const { appId, teamId, enterpriseId, botUserId, botId, name } = of
  const workspace = { tenant, id: workspaceId, appId, teamId, enterpriseId, botUserId, botId, name }
  return { tenant, id, body, attempts, connected, workspace }
}
