import { sql, type Database } from '#core'
import type { Workspace } from '../install/workspace.ts'
import { callsAMinute, isMessage, margin, messagesOfChannel } from './tiers.ts'

/** Which limit of Slack's: a method's in a workspace, or a channel's of that method. */
export interface Lane {
  readonly workspace: Workspace
  readonly method: string
  /** Empty where none is counted. */
  readonly channel: string
}

/** The moments from which a lane's method and its channel are free, in milliseconds since 1970. */
export interface Free {
  readonly method: number
  readonly channel: number
}

/** What all processes that speak for a workspace use of Slack's limits together, counted before Slack does. */
export interface Pace {
  /** Takes a turn where one is free now. A moment in the answer that lies after `now` says that none was. */
  take(lane: Lane, now: number): Promise<Free>
  /** Slack has told this process to wait: the others do too. */
  rest(lane: Lane, until: number): Promise<void>
  /** Lets go of what nobody has used for long. */
  sweep(): Promise<void>
}

/** Messages are counted by channel too. */
export const countedChannel = (method: string, channel: string): string => (isMessage(method) ? channel : '')

export function createPace(database: Database): Pace {
  const span = 60_000 + margin
  const { most, milliseconds } = messagesOfChannel
  return {
    take: async ({ workspace, method, channel }, now) => {
      const [free] = await database.write<Record<keyof Free, string>>(
        workspace.tenant,
        sql`SELECT method_free AS method, channel_free AS channel FROM slack.take_turn(${workspace.id}, ${method},
          ${callsAMinute(method)}, ${span}, ${channel}, ${most}, ${milliseconds + margin}, ${now})`,
      )
      return { method: Number(free!.method), channel: Number(free!.channel) }
    },
    rest: async ({ workspace: { tenant, id }, method, channel }, until) => {
      const lane = channel === '' ? method : `${method} ${channel}`
      await database.write(
        tenant,
        sql`INSERT INTO slack.pace AS p (tenant_id, workspace_id, lane, rests_until) VALUES (${tenant}, ${id}, ${lane}, ${until})
          ON CONFLICT (tenant_id, workspace_id, lane) DO UPDATE SET rests_until = greatest(p.rests_until, EXCLUDED.rests_until)`,
      )
    },
    sweep: async () => void (await database.platformStatement(sql`SELECT slack.sweep_pace()`)),
  }
}
