/** A Slack workspace, or a whole organisation (Enterprise Grid), that a company has connected. */
export interface Workspace {
  /** Ours: the company. */
  readonly tenant: string
  /** Ours: this installation of the app. */
  readonly id: string
  /** Slack's: `A0123456789`. */
  readonly appId: string
  /** Null where the app is installed for a whole organisation. */
  readonly teamId: string | null
  readonly enterpriseId: string | null
  /** The app's bot as a person (`U…`) and as a bot (`B…`). */
  readonly botUserId: string
  readonly botId: string
  readonly name: string
}
