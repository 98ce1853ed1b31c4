import type { Authenticate, Conversations, Core } from '#core'
import type { ApiOf } from './install/api.ts'
import type { Outgoing } from './outbox/outgoing.ts'

/** What every room of the channel is given. */
export interface SlackParts {
  readonly core: Core
  readonly conversations: Conversations
  /** Who a request to one of our own pages comes from. */
  readonly authenticate: Authenticate
  readonly api: ApiOf
  /** The one way out: rooms call no method by themselves that shows somebody something. */
  readonly out: Outgoing
}
