import { prepared, sql, unhurried, type Core } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Addressee, InboxEvent } from './envelope.ts'
import type { Press } from './press.ts'

/** The Slack app that a delivery was signed for: a company's own, or (null) the installation's. */
export type OwnApp = string | null

/** `own`: the bot wrote it itself. `nobody`: no company here has that workspace connected and Slack switched on. */
export type Taken = 'kept' | 'known' | 'nobody' | 'own'

/** An event, or what somebody pressed, that this process has claimed. */
export interface Claimed {
  readonly tenant: string
  readonly id: string
  /** What Slack knows it by, the same however often it comes. */
  readonly eventId: string
  readonly body: string
  readonly attempts: number
  readonly workspace: Workspace
  /** False once the workspace has ended, or its company has switched Slack off. */
  readonly connected: boolean
}

type PressRow = Workspace & { readonly pressId: string | null }

type ClaimedRow = Omit<Claimed, 'workspace'> &
  Omit<Workspace, 'tenant' | 'id'> & { readonly workspaceId: string }

/** What somebody pressed, as it was kept: this process has it, unless it was known. */
export interface TakenPress {
  readonly workspace: Workspace
  readonly claimed: Claimed | undefined
}

/** What a worker may take at once: of all, and of one workspace where others wait too. */
export interface Room {
  /** The workspace of each event that it is at. */
  readonly held: readonly string[]
  readonly most: number
  readonly share: number
}

/** Seconds that a claim holds unless its worker says again that it lives. */
export const leaseSeconds = 60

export interface InboxStore {
  /** Resolves once it is on the disk. */
  takeIn(ownApp: OwnApp, to: Addressee, event: InboxEvent, body: string): Promise<Taken>
  /** Resolves once it is on the disk, claimed for this worker; nothing where nobody has that workspace connected. */
  takeInPress(ownApp: OwnApp, to: Addressee, press: Press, worker: string): Promise<TakenPress | undefined>
  /** Workspaces take turns: what one is told of in plenty holds up nobody else. */
  claim(worker: string, room: Room): Promise<Claimed[]>
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
    takeInPress: async (ownApp, { app, team, enterprise }, { id: eventId, body }, worker) => {
      const [row] = await database.platformStatement<PressRow>(
        prepared(
          'tekup_slack_take_in_press',
          sql`SELECT * FROM slack.take_in_press(${ownApp}, ${app ?? null}, ${team ?? null}, ${enterprise ?? null}, ${eventId}, ${body}, ${worker}, ${lease})`,
        ),
      )
      if (!row) return undefined
      const { pressId: id, ...workspace } = row
      const { tenant } = workspace
      if (id === null) return { workspace, claimed: undefined }
      return { workspace, claimed: { tenant, id, eventId, body, attempts: 1, workspace, connected: true } }
    },
    claim: async (worker, { held, most, share }) => {
      const rows = await database.platformStatement<ClaimedRow>(
        prepared(
          'tekup_slack_claim',
          sql`SELECT * FROM slack.claim_inbox(${worker}, ${held}::uuid[], ${most}, ${share}, ${lease})`,
        ),
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

function claimedOf({
  tenant,
  id,
  eventId,
  body,
  attempts,
  connected,
  workspaceId,
  ...of
}: ClaimedRow): Claimed {
  const { appId, teamId, enterpriseId, botUserId, botId, name } = of
  const workspace = { tenant, id: workspaceId, appId, teamId, enterpriseId, botUserId, botId, name }
  return { tenant, id, eventId, body, attempts, connected, workspace }
}
