import type { Statement } from '../database/sql.ts'
import type { Mark } from '../database/underMark.ts'
import type { Locale } from '../language.ts'
import type { AgentRules } from '../operations/agentRules.ts'
import type { Origin, Tenant } from '../operations/context.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { TurnTab } from '../usage/tab.ts'
import type { CallRecord } from './turn.ts'

/** Something said earlier in the conversation, with what was called for it. */
export interface PastMessage {
  /** UUIDv7: later messages have greater ids. */
  readonly id: string
  /** `other`: overheard where the conversation takes place, and said to somebody else. */
  readonly role: 'person' | 'agent' | 'other'
  /** Who said it, where that is not the person whom the turn answers. */
  readonly author?: string | null
  readonly text: string
  readonly calls: readonly CallRecord[]
  /** The person has changed their question since: this was asked or answered before, and what was done for it stays done. */
  readonly isReplaced?: boolean
}

/** Who answers: what the audit trail and the policy know it by. */
export interface AgentIdentity {
  readonly id: string
  readonly name: string
  readonly rules: AgentRules
}

/** Changes that are made after a turn's reply; none is carried out without the others. */
export type LeftBehind = () => Promise<readonly Statement[]>

/** One turn as an agent gets it. Everything that it may do goes through `call`. */
export interface AgentTurn {
  readonly conversation: string
  /** Several people share it: what one of them could read is not remembered for the others. */
  readonly isShared?: boolean
  readonly tenant: Tenant
  /** As `identify` told it. */
  readonly agent: AgentIdentity
  readonly person: { readonly id: string; readonly name: string }
  readonly locale: Locale
  readonly text: string
  /** Ids of what the person said, and of the reply that is to be. */
  readonly message: string
  readonly reply: string
  readonly now: Date
  /** Under which what the company has set up can be remembered; without it, it is read anew. */
  readonly mark?: Mark
  /** Oldest first, without the message that is to be answered, and without what the agent has summed up unless it was replaced. */
  readonly history: readonly PastMessage[]
  /** What an earlier attempt at this turn did before it was interrupted: done already, not to be done again. */
  readonly made: readonly CallRecord[]
  /** What the person may do, so what the agent may do for them. */
  readonly operations: readonly AnyOperation[]
  /**
   * Calls one operation for the person, and answers how it went; a refusal is an answer too.
   * Calls are made one at a time, in the order they were asked for. Throws only when the turn is over.
   */
  call(operation: string, input: unknown, callId: string): Promise<CallRecord>
  /**
   * What the turn leaves behind: put together once its reply is on its way, and carried out by itself. The reply is told
   * without it, and the turn's events end once it is kept; it does not wait for the disk, so a machine that loses power may lose it.
   */
  keep(left: LeftBehind): void
  /** Says that the model has said what it had to say: a call or the end of the turn comes next, and is kept. */
  answered(): void
  /** Where the calls of models that answer this turn are counted; they are settled after its end. */
  readonly tab: TurnTab
  readonly signal: AbortSignal
}

/**
 * A piece of the answer: the pieces joined are the answer. `replace` takes back what was said so far for another text,
 * as when a model broke off and another began anew.
 */
export type AgentEvent =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'replace'; readonly text: string }

/** What the core asks of an agent; `main` fills it, so the core knows no model and no vendor. */
export interface AgentPort {
  run(turn: AgentTurn): AsyncIterable<AgentEvent>
  /**
   * The agent of this id, or the company's default one (`null`); undefined when there is none, or none that is spoken
   * to there. Without this, one agent answers all. What is answered under a mark may be what was under the same one before.
   */
  identify?(
    tenant: string,
    agent: string | null,
    surface: Origin['surface'],
    mark?: Mark,
  ): Promise<AgentIdentity | undefined>
  /**
   * The last message of a conversation that its turns need not be told any more, because the agent has summed up what was said
   * up to there; undefined where it has not, or does not know.
   */
  summedUpTo?(tenant: string, conversation: string): string | undefined
  /** The language that a message is written in; undefined where it does not tell. */
  languageOf?(text: string): Locale | undefined
}
