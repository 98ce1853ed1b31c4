import type { types } from '@slack/bolt'
import type { Authenticated, Locale, ReplyEvent } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Place } from '../outbox/outgoing.ts'

/** What holds in a channel. */
export interface ChannelRules {
  /** The agent that threads begun there are with; the company's default one where none is named. */
  readonly agentId: string | null
  /** Whether every message there is answered, or only where the agent is mentioned or takes part in the thread. */
  readonly answers: 'mentions' | 'everything'
}

/** What other rooms of the channel bring to an answer. */
export interface AnswerRooms {
  /** Shows what waits for a person where it is decided. */
  showApprovals(place: Place, approvals: ReplyEvent['approvals'], asker: Authenticated): Promise<void>
  /** Thumbs under an answer, by the id of the reply. */
  feedback(reply: string, locale: Locale): readonly types.KnownBlock[]
  rulesOf(workspace: Workspace, channel: string): Promise<ChannelRules>
}
