/** Who somebody in Slack is to the company. */
export interface Person {
  /** Slack's: `U0123456789`. */
  readonly slackUser: string
  /** Ours, once they have said who they are. Their rights are `core.accessOf(workspace.tenant, employee)`. */
  readonly employee: string | null
  readonly standing: 'linked' | 'unlinked' | 'guest' | 'bot' | 'stranger'
}
