/** What the API shows of Slack. */

export const answering = ['mentions', 'everything'] as const
export type Answering = (typeof answering)[number]

/** Where a value was chosen. */
export type Origin = 'channel' | 'workspace' | 'company' | 'standard'

/** The company, one of its workspaces, or a channel: what holds there, and where that was chosen. */
export type SlackChannel = {
  id: string
  kind: 'company' | 'workspace' | 'channel'
  workspaceId: string | null
  workspaceName: string | null
  name: string
  isPrivate: boolean
  isShared: boolean
  agentId: string | null
  agentFrom: Origin
  answers: Answering
  answersFrom: Origin
  approvers: { id: string; name: string }[]
  approversFrom: Origin
  version: number
}

export type SlackWorkspace = {
  id: string
  name: string
  appId: string
  /** The company's own app; null is the installation's. */
  ownAppId: string | null
  status: 'connected' | 'uninstalled' | 'refused' | 'disconnected'
  endedAt: string | null
  scopes: string[]
  /** What the app needs and was not given; it is connected again to be asked for it. */
  missingScopes: string[]
  installedByName: string | null
  /** When Slack last told of something, and when it last left things out because they were too many. */
  lastEventAt: string | null
  limitedAt: string | null
  /** Colleagues who have said who they are there. */
  people: number
  version: number
  createdAt: string
}

export type SlackApp = {
  id: string
  name: string
  appId: string
  clientId: string
  hasSigningSecret: boolean
  hasAppToken: boolean
  workspaces: number
  version: number
}

export type SlackManifest = { manifest: object; createUrl: string }

export type SlackPerson = {
  id: string
  name: string
  email: string | null
  workspaceName: string
  standing: 'member' | 'guest' | 'bot' | 'stranger'
  employeeName: string | null
  /** Who they may be by their email. */
  proposedName: string | null
  linkedAt: string | null
  version: number
}
