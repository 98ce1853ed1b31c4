import type { CallRecord } from '#core'
import type { DeliveryParts, Known } from './delivery.ts'
import { findBroken } from './history.ts'
import { filesBeside, inPlace, messagesOf, newRow, withLinksApart, type SlackMessage } from './message.ts'
import type { Answer, FinishOptions, Place } from './outgoing.ts'
import type { Content, Row } from './row.ts'
import { piecesOf } from '../text/pieces.ts'
import { settledPart } from '../text/render.ts'
import { Session, type SessionStatus } from './session.ts'
import { Show } from './show.ts'
import type { Stream } from './stream.ts'

export interface AnswerParts extends DeliveryParts {
  readonly running: Map<string, number>
  send(place: Place, row: Row, known: Known): Promise<string>
  sendFile(place: Place, key: string): Promise<void>
  /** The `ts` of a row that is another's to send, once it is there. */
  settled(place: Place, row: Row): Promise<string>
}

export interface Beginning {
  readonly row: Row
  readonly key: string
  /** Whether a process that is gone had begun it: what it showed is put right at the end, and nothing new is streamed. */
  readonly isResumed: boolean
}

/** An answer whose row is open, for as long as it is made. */
export class LiveAnswer implements Answer {
  readonly #parts: AnswerParts
  readonly #place: Place
  readonly #begun: Beginning
  readonly #show: Show
  readonly #session: Session
  #text = ''

  constructor(parts: AnswerParts, place: Place, begun: Beginning) {
    this.#parts = parts
    this.#place = place
    this.#begun = begun
    const { thread: _, ...unthreaded } = place
    const onStream = (streams: readonly Stream[]) => parts.rows.saveSent(begun.row, streams.map(({ ts }) => ts)) // prettier-ignore
    this.#show = new Show({ ...parts, onStream }, begun.isResumed ? unthreaded : place)
    this.#session = new Session(parts.gate, parts.timer, place)
    this.#session.begin()
  }

  text(delta: string): void {
    this.replace(this.#text + delta)
  }

  replace(text: string): void {
    this.#text = text
    this.#show.say(text)
  }

  task(call: CallRecord): void {
    this.#show.task(call)
  }

  async finish(text: string, options: FinishOptions = {}): Promise<{ ts: string }> {
    const { blocks, mentions, waiting } = options
    const session = waiting ? 'suspended' : 'active'
    await this.#show.stop()
    const content: Content = {
      text, locale: this.#place.locale ?? 'da', shows: 'text, then blocks', session,
      ...(blocks && { blocks }), ...(mentions && { mentions }),
    } // prettier-ignore
    return { ts: await this.#conclude(content, 'complete') }
  }

  async end(sentence: string): Promise<void> {
    await this.#show.stop()
    const said = this.#show.streams.length > 0 ? closed(settledPart(this.#text)) : ''
    const content: Content = {
      text: `${said}_${sentence}_`, locale: this.#place.locale ?? 'da', shows: 'text, then blocks', session: 'active',
    } // prettier-ignore
    await this.#conclude(content, 'error')
  }

  async #conclude(said: Content, tasks: 'complete' | 'error'): Promise<string> {
    const { rows, isOwn } = this.#parts
    const { row: begun, key } = this.#begun
    const streams = await this.#sentSoFar()
    const content = streams.length > 0 ? withLinksApart(said, isOwn) : said
    const sent = inPlace(streams, content)
    const beside = filesBeside(newRow(this.#place, key), content)
    if (!(await rows.commit(begun, content, sent, beside)))
      return this.#parts.settled(this.#place, (await rows.read(begun)) ?? begun)
    const row: Row = { ...begun, state: 'due', content, sent }
    const status = content.session ?? 'active'
    const { shown, isTold } = await this.#endStreams(row, content, status, tasks)
    try {
      const ts = await this.#parts.send(this.#place, row, { isFirst: true, shown })
      for (const file of beside) await this.#parts.sendFile(this.#place, file.key)
      return ts
    } finally {
      if (!isTold) await this.#session.end(status)
    }
  }

  /** Messages of this answer that stand in Slack; of a stream that a dead process began perhaps nobody was told. */
  async #sentSoFar(): Promise<string[]> {
    const { row, isResumed } = this.#begun
    const known = [...row.sent, ...this.#show.streams.map(({ ts }) => ts)]
    if (!isResumed && !this.#show.mayHaveMore) return known
    const broken = await findBroken(this.#parts.gate, this.#place.workspace, row)
    return [...new Set([...known, ...broken])]
  }

  /** Ends each stream with what it lacks; where that cannot be, the message is changed afterwards. */
  async #endStreams(row: Row, content: Content, status: SessionStatus, tasks: 'complete' | 'error') {
    await this.#session.quiet()
    const messages = messagesOf(row, content)
    const { streams } = this.#show
    const shown = new Set<number>()
    let isTold = false
    for (const [part, stream] of streams.entries()) {
      const message = messages[part]
      if (message?.way !== 'change') continue
      const isLast = part === streams.length - 1
      const isShown = stream.isOpen
        ? await this.#endStream(stream, message, isLast ? status : 'processing', tasks)
        : stream.shown === message.markdown && message.blocks.length === 0
      if (isShown) shown.add(part)
      isTold = isLast && isShown
    }
    return { shown, isTold: isTold && streams.length >= messages.length }
  }

  async #endStream(stream: Stream, message: SlackMessage, session: SessionStatus, tasks: 'complete' | 'error'): Promise<boolean> {
    const lacking = stream.lacks(message.markdown)
    const last = this.#show.lastTasks(tasks)
    try {
      await stream.stop({
        text: lacking ?? '', tasks: last, session,
        blocks: lacking === undefined ? [] : message.blocks,
        metadata: lacking === undefined ? undefined : message.args['metadata'] as never,
      })
      return lacking !== undefined
    } catch {
      return false
    }
  } // prettier-ignore
}

/** Code that was broken off does not swallow what comes after it. */
function closed(text: string): string {
  const closing = piecesOf(text).at(-1)?.closing ?? ''
  return text.trim() === '' ? '' : `${text}${closing}\n\n`
}
