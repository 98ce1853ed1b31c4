import type { types } from '@slack/bolt'
import type { Locale } from '#core'
import type { Greeting } from '../people/greeting.ts'

/** What a row says, in JSON: kept until it is settled. */
export interface Content {
  /** Markdown, as it came. */
  readonly text: string
  readonly locale: Locale
  /** Shown in place of the text, or after it. */
  readonly blocks?: readonly types.KnownBlock[]
  readonly shows: 'text' | 'blocks' | 'text, then blocks'
  readonly metadata?: types.MessageMetadata
  readonly mentions?: readonly string[]
  /** Said in place of all that: its words are made when it is sent. */
  readonly greeting?: Greeting
  /** Of an answer that was streamed: the place in the text as it is shown from which on it is posted. */
  readonly postedFrom?: number
  /** What the session of the thread is after it. */
  readonly session?: 'active' | 'suspended'
  /** Of a file. */
  readonly file?: { readonly name: string; readonly title: string }
}

export type Kind = 'post' | 'update' | 'answer' | 'file'

/** One thing that goes out, as it is kept in `slack.outbox`. */
export interface Row {
  readonly tenant: string
  readonly id: string
  /** Ours. */
  readonly workspace: string
  readonly kind: Kind
  readonly channel: string
  readonly thread: string | null
  readonly content: Content | null
  readonly file: Buffer | null
  readonly fileId: string | null
  readonly sent: readonly string[]
  readonly state: 'open' | 'due' | 'sent' | 'refused' | 'closed'
  /** Only the last attempt can write. */
  readonly attempt: number
  readonly error: string | null
  readonly createdAt: Date
}

/** What a row begins with. */
export type NewRow = Pick<Row, 'tenant' | 'workspace' | 'kind' | 'channel' | 'thread'> & {
  readonly key: string
  readonly content?: Content
  readonly file?: Buffer
  readonly sent?: readonly string[]
}
