import type { types } from '@slack/bolt'
import type { CallRecord, Locale, Statement } from '#core'
import type { Workspace } from '../install/workspace.ts'
import type { Greeting } from '../people/greeting.ts'

type KnownBlock = types.KnownBlock

/** Where a message goes. */
export interface Place {
  readonly workspace: Workspace
  readonly channel: string
  /** Root of the thread; undefined posts into the channel. */
  readonly thread?: string
  /** Who it is for: needed to stream in a channel. */
  readonly recipient?: { readonly team: string; readonly user: string }
  readonly isDirect: boolean
  /** In what language our own few words are, such as those about a table that became a file; Danish unless said. */
  readonly locale?: Locale
}

export interface Message {
  /** Markdown of the model, not trusted. Beside `blocks` it is what notifications and screen readers say instead of them. */
  readonly text: string
  /** What is shown in place of `text`. Texts of others in them go through `harmless` or `escaped` of text/ first. */
  readonly blocks?: readonly KnownBlock[]
  readonly metadata?: types.MessageMetadata
  /** Slack ids of people whom the text may mention; nobody else is pinged whatever it says. */
  readonly mentions?: readonly string[]
}

export interface FileOut {
  /** With its ending: `deals.csv`. */
  readonly name: string
  readonly content: Uint8Array
  readonly title?: string
}

/** The one way out to Slack: paced, kept before it is sent, sent once. */
export interface Outgoing {
  /**
   * Kept in a row under `key` (unique per workspace) and sent once, whatever dies. Long texts become several messages:
   * the answered `ts` is the last one's, which bears the blocks.
   *
   * @throws SlackRefusal where Slack will never take it.
   */
  post(place: Place, message: Message, key: string): Promise<{ readonly ts: string }>
  /** Kept and made to be so, whatever dies. */
  update(place: Place, ts: string, message: Message, key: string): Promise<void>
  /** Makes an answer that stands in Slack, by its key, one message that says this instead. Nothing where none stands there. */
  supersede(place: Place, answer: string, message: Message): Promise<void>
  /**
   * Kept in one statement with a change that lets it be said (and returns a row), and sent as a post is, with words that are made
   * then. Where the change changes nothing, nothing is said that was not kept before.
   */
  greet(place: Place, greeting: Greeting, key: string, change: Statement): Promise<void>
  /** Best effort: paced, Retry-After honoured, no row. */
  ephemeral(place: Place, user: string, message: Message): Promise<void>
  /** Uploads into the thread, kept and sent once as a post is. Up to 5 MiB. */
  file(place: Place, file: FileOut, key: string): Promise<void>
  /** Any other method, paced. Whoever cannot wait says how long they can, in milliseconds. */
  call(
    workspace: Workspace,
    method: string,
    args: Record<string, unknown>,
    options?: { readonly channel?: string; readonly within?: number },
  ): Promise<Record<string, unknown>>
  /** An answer as it is made: streamed where it pays, else a status and one final post. `key` as in `post`. */
  answer(place: Place, key: string): Promise<Answer>
  /** Sends what dead processes left, and lets go of what was sent long ago; at the start and now and then. */
  recover(): Promise<void>
  /** Nothing more goes to a workspace that has ended; what waits is closed. */
  end(workspace: Pick<Workspace, 'tenant' | 'id'>): Promise<void>
  /** Waits for what is on its way. */
  close(): Promise<void>
}

/** An answer that is being made. One of `finish` and `end` is its last call. */
export interface Answer {
  text(delta: string): void
  /** What was said so far is taken back for this. */
  replace(text: string): void
  /** A call of an operation, as a task: what is being done, then what was done or why not. */
  task(call: CallRecord): void
  /**
   * What the answer finally is, whatever was streamed, with blocks after it (feedback buttons).
   * `waiting`: the session is left as one that waits for a person.
   */
  finish(text: string, options?: FinishOptions): Promise<{ readonly ts: string }>
  /** Ends it as stopped by the person or as failed, with one sentence. */
  end(sentence: string): Promise<void>
}

export interface FinishOptions {
  readonly blocks?: readonly KnownBlock[]
  readonly waiting?: boolean
  readonly mentions?: readonly string[]
}
