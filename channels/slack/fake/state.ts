/** A JSON object whose fields are Slack's. */
export type Fields = Readonly<Record<string, unknown>>
/** A block of Block Kit, an element of one, or a chunk of a stream. */
export type Block = Fields & { readonly type: string }

export interface Enterprise {
  readonly id: string
  readonly name: string
}

export interface Team {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly enterprise?: Enterprise
}

/** A guest is of one workspace or of one channel alone; who is of another workspace is a stranger in a shared channel. */
export type UserKind = 'member' | 'guest' | 'channelGuest' | 'bot' | 'deactivated'

export interface User {
  readonly id: string
  readonly team: Team
  readonly name: string
  readonly realName: string
  readonly email?: string
  readonly isAdmin: boolean
  kind: UserKind
}

export interface Channel {
  readonly id: string
  readonly team: Team
  readonly name: string
  readonly kind: 'public' | 'private' | 'im' | 'mpim'
  readonly topic: string
  /** Other workspaces that share it by Slack Connect. */
  readonly sharedWith: readonly Team[]
  readonly members: Set<string>
  readonly messages: Message[]
  isArchived: boolean
}

export interface Message {
  readonly ts: string
  readonly channel: Channel
  readonly user: User
  readonly teamId: string
  readonly threadTs?: string
  readonly clientMessageId?: string
  /** The bot that posted it, and as whom. */
  readonly botId?: string
  readonly username?: string
  readonly subtype?: string
  /** Only this person sees it, until the page is loaded again. */
  readonly onlyFor?: string
  readonly files: SlackFile[]
  readonly reactions: Map<string, Set<string>>
  readonly appContext?: Fields
  text: string
  blocks: readonly Block[]
  attachments: readonly Fields[]
  metadata?: Fields | undefined
  edited?: { readonly user: string; readonly ts: string }
  stream?: Stream
  unfurls?: Fields
}

export interface Stream {
  state: 'in_progress' | 'completed' | 'errored'
  readonly startedAt: number
  readonly mode: string
  readonly recipient?: string
  chunks: Block[]
  characters: number
  stoppedByUser: boolean
  /** What people who are not its recipient see until it is over. */
  readonly firstSight: string
}

export interface SlackFile {
  readonly id: string
  readonly name: string
  readonly team: Team
  readonly owner: User
  readonly size: number
  readonly altText?: string
  content?: Buffer
  title: string
  isComplete: boolean
  channels: string[]
}

export interface Reaction {
  readonly message: Message
  readonly name: string
  readonly user: User
}
