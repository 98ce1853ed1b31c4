import type { Fault } from '../errors.ts'
import type { Locale } from '../language.ts'
import type { ApprovalNotice } from '../operations/approval.ts'
import type { Origin } from '../operations/context.ts'
import type { Authenticated } from '../surfaces/authentication.ts'

/** A message on its way in, as a channel received it. */
export interface Inbound {
  readonly caller: Authenticated
  /** The conversation it belongs to; without one it opens a new one. */
  readonly conversation?: string
  /**
   * Where the channel lets several people talk with the agent, the conversation that they share, by an id of the channel's
   * choosing: the first message opens it, and whoever is let write there goes on in it. In place of `conversation`.
   */
  readonly shared?: SharedPlace
  /** The agent to open a conversation with; the company's default one where none is named. */
  readonly agent?: string
  readonly text: string
  /** What the sender knows the message by (1–200 characters); a repeat is answered once. */
  readonly messageId?: string
  readonly locale: Locale
  readonly surface: Origin['surface']
  readonly requestId: string
  /** Aborted when nobody listens any more: the model and its calls stop, what was done stays. */
  readonly signal?: AbortSignal
}

/** A conversation that several people share, with what was said in it since the agent was last spoken to. */
export interface SharedPlace {
  readonly id: string
  /** Oldest first. Remembered as words of others; nobody answers them. */
  readonly overheard: readonly Overheard[]
  /**
   * A message of the same person that this one is said in place of: it stays, with its answer, and the agent is told that it was
   * changed. What waits there for a yes is taken back, and what was done for it is done again only when the person says so.
   */
  readonly replaces?: string
}

/** Something that was said to others than the agent. */
export interface Overheard {
  /** What they are called there (1–200 characters). */
  readonly author: string
  readonly text: string
  /** They do not belong to the company: the conversation is marked untrusted before the words are handed over. */
  readonly isOutsider: boolean
}

/** One operation that an agent called in a turn, as it is shown and kept. */
export interface CallRecord {
  readonly id: string
  readonly operation: string
  readonly title: string
  readonly input: unknown
  /** `waiting`: a person has to say yes first; how that ends is then read from the approval. */
  readonly status: 'running' | 'waiting' | 'done' | 'failed' | 'refused'
  readonly output?: unknown
  /** One sentence about what was done, or why it was not. */
  readonly summary?: string
  readonly error?: { readonly code: string; readonly message: string }
  /** The question that a person has. */
  readonly approval?: ApprovalNotice
}

/** What a turn tells while it runs, in order; `reply` or `error` is always the last. */
export type TurnEvent =
  | { readonly type: 'conversation'; readonly conversation: string; readonly message: string }
  | { readonly type: 'call'; readonly call: CallRecord }
  | { readonly type: 'text'; readonly delta: string }
  /** What was told so far of the answer is taken back for this text. */
  | { readonly type: 'replace'; readonly text: string }
  | ReplyEvent
  | { readonly type: 'error'; readonly fault: Fault }

export interface ReplyEvent {
  readonly type: 'reply'
  readonly conversation: string
  readonly reply: { readonly id: string; readonly text: string }
  readonly calls: readonly CallRecord[]
  /** What waits for a person. */
  readonly approvals: readonly ApprovalNotice[]
}

/** The questions of these calls that are still open. */
export const waitingIn = (calls: readonly CallRecord[]): readonly ApprovalNotice[] =>
  calls.flatMap(({ status, approval }) => (status === 'waiting' && approval ? [approval] : []))
