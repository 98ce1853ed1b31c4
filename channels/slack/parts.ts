import type { FastifyRequest } from 'fastify'
import type { Authenticate, Conversations, Core } from '#core'
import type { ApiOf } from './install/api.ts'
import type { Outgoing } from './outbox/outgoing.ts'
import type { Download } from './install/download.ts'
import type { Endings } from './install/ending.ts'
import type { People } from './people/people.ts'

/** What every room of the channel is given. */
export interface SlackParts {
  readonly core: Core
  readonly conversations: Conversations
  /** Who a request to one of our own pages comes from. */
  readonly authenticate: Authenticate
  readonly api: ApiOf
  /** The one way out: rooms call no method by themselves that shows somebody something. */
  readonly out: Outgoing
  /** Files that people shared. */
  readonly download: Download
  readonly people: People
  /** Workspaces that end while the process runs: what works for one of them stops. */
  readonly endings: Pick<Endings, 'follow'>
  /** Milliseconds in which Slack wants to be told what it shows of a press, a modal or a command. */
  readonly patience: number
  /** Where people reach us, for links in messages: `https://tekup.example`, without a slash at the end. */
  readonly origin: string
  /** The same as the browser knows it that asks; refuses a name that is not ours. */
  originFor(request: FastifyRequest): string
}
