import type { Authenticate, Conversations, Core } from '#core'
import type { ApiOf } from './install/api.ts'

/** What every room of the channel is given. */
export interface SlackParts {
  readonly core: Core
  readonly conversations: Conversations
  /** Who a request to one of our own pages comes from. */
  readonly authenticate: Authenticate
  readonly api: ApiOf
}
