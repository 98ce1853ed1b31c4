import type { types } from '@slack/bolt'
import { hasCode } from './certainty.ts'
import type { Gate } from './gate.ts'
import type { Place } from './outgoing.ts'
import type { SessionStatus } from './session.ts'
import type { TaskChunk } from './tasks.ts'

/** What comes to a stream next. */
export interface Addition {
  readonly text: string
  readonly tasks: readonly TaskChunk[]
}

export interface Ending extends Addition {
  readonly blocks: readonly types.KnownBlock[]
  readonly metadata?: types.MessageMetadata | undefined
  readonly session: SessionStatus
}

/** One message that Slack shows as it grows. */
export class Stream {
  readonly ts: string
  readonly #gate: Gate
  readonly #place: Place
  /** The Markdown that it shows; undefined where nobody knows any more. */
  #shown: string | undefined
  #isOpen = true

  private constructor(gate: Gate, place: Place, ts: string, shown: string) {
    this.#gate = gate
    this.#place = place
    this.ts = ts
    this.#shown = shown
  }

  /** Begins one if it is its turn at once; undefined where it is not. */
  static async start(gate: Gate, place: Place, added: Addition): Promise<Stream | undefined> {
    const { workspace, channel, thread, recipient } = place
    const answer = await gate.callIfFree(workspace, 'chat.startStream', {
      channel,
      thread_ts: thread,
      ...(recipient && { recipient_team_id: recipient.team, recipient_user_id: recipient.user }),
      chunks: chunksOf(added),
    })
    return answer && new Stream(gate, place, String(answer['ts']), added.text)
  }

  get shown(): string | undefined {
    return this.#shown
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** What it lacks of a text; undefined where it shows something else. */
  lacks(text: string): string | undefined {
    return this.#shown !== undefined && text.startsWith(this.#shown) ? text.slice(this.#shown.length) : undefined
  } // prettier-ignore

  /** Adds to it if it is its turn at once; false where it is not. */
  append(added: Addition): Promise<boolean> {
    const { workspace } = this.#place
    return this.#follow(this.#gate.callIfFree(workspace, 'chat.appendStream', { ...this.#at, chunks: chunksOf(added) }), added)
  } // prettier-ignore

  async stop({ blocks, metadata, session, ...added }: Ending): Promise<void> {
    const chunks = chunksOf(added)
    const call = this.#gate.call(this.#place.workspace, 'chat.stopStream', {
      ...this.#at,
      session_status: session,
      ...(chunks.length > 0 && { chunks }),
      ...(blocks.length > 0 && { blocks }),
      ...(metadata && { metadata }),
    })
    await this.#follow(call, added)
    this.#isOpen = false
  }

  /** Whether the call was made. */
  async #follow(call: Promise<unknown>, { text }: Addition): Promise<boolean> {
    try {
      if ((await call) === undefined) return false
      if (this.#shown !== undefined) this.#shown += text
      return true
    } catch (error) {
      // Told to wait or to stop, it shows what it did; else nobody knows what of this has come.
      if (!hasCode(error, 'ratelimited', 'stopped_by_user')) this.#shown = undefined
      if (hasCode(error, 'message_not_in_streaming_state')) this.#isOpen = false
      throw error
    }
  }

  get #at() {
    return { channel: this.#place.channel, ts: this.ts }
  }
}

const chunksOf = ({ text, tasks }: Addition): object[] => [
  ...(text === '' ? [] : [{ type: 'markdown_text', text }]),
  ...tasks,
]
