import { api, ApiError, isAborted, queryString } from '#lib/api/client.ts'
import { newId } from '#lib/api/identifier.ts'
import type { Call, Page, StoredMessage } from '#lib/api/types.ts'
import { t } from '#lib/messages/index.ts'
import { drafts } from './drafts.ts'
import { sendTurn, type TurnEvent } from './turnEvents.ts'

export type Answer = {
  /** What a thumb points to; absent until the answer is whole. */
  id?: string
  text: string
  calls: Call[]
  /** `unasked`: the words were said to others, and nobody answers them. */
  status: 'running' | 'done' | 'failed' | 'stopped' | 'unasked'
  problem?: ApiError
}
/** One message of a person and the answer to it. */
export type Turn = {
  id: string
  text: string
  at: string
  /** Who said it, where several people write. */
  author?: string | null
  answer: Answer
  /** Whether the server has said that it has the message. */
  received: boolean
}

const pollInMilliseconds = 1_500

/** One conversation as the page holds it: read from the server, then followed as it goes on. */
export class ChatConversation {
  id = $state<string>()
  turns = $state<Turn[]>([])
  loading = $state(false)
  problem = $state<unknown>()
  readonly busy = $derived(this.turns.at(-1)?.answer.status === 'running')

  readonly #onStarted: (id: string) => void
  readonly #onChanged: () => void
  #agent: string | undefined
  #streamed: Turn | undefined
  #stream = new AbortController()
  #read = new AbortController()
  #poll: ReturnType<typeof setTimeout> | undefined

  constructor(on: { started: (id: string) => void; changed: () => void }) {
    this.#onStarted = on.started
    this.#onChanged = on.changed
  }

  /** Shows another conversation, or an empty one. What is on its way for the one before is no longer followed. */
  async open(id: string | undefined) {
    if (id !== undefined && id === this.id) return
    this.close()
    this.id = id
    this.turns = []
    this.problem = undefined
    if (id) await this.#load(id)
  }

  close() {
    clearTimeout(this.#poll)
    this.#read.abort()
    this.#stream.abort()
    this.loading = false
  }

  async reload() {
    this.problem = undefined
    if (this.id) await this.#load(this.id)
  }

  /** `agent` is who is to answer in a new conversation; the default one where none is named. */
  async send(text: string, agent?: string) {
    this.#agent = agent
    this.turns.push({
      id: newId(),
      text,
      at: new Date().toISOString(),
      answer: emptyAnswer(),
      received: false,
    })
    await this.#run(this.turns.at(-1)!)
  }

  /** Asks for the answer again; the message keeps its id, so that nothing is carried out twice. */
  async retry(turn: Turn) {
    turn.answer = emptyAnswer()
    await this.#run(turn)
  }

  stop() {
    this.#stream.abort()
  }

  async #run(turn: Turn) {
    this.#stream = new AbortController()
    const { signal } = this.#stream
    const conversation = this.id
    this.#streamed = turn
    try {
      const { text, id: message } = turn
      for await (const event of sendTurn({ conversation, agent: this.#agent, text, message }, signal))
        this.#follow(turn, event)
    } catch (error) {
      settle(turn.answer, error)
    }
    if (this.#streamed === turn) this.#streamed = undefined
    if (!turn.received) keepUnsent(turn, conversation)
    this.#onChanged()
  }

  /** What the server has is no draft any more. */
  #receive(turn: Turn) {
    turn.received = true
    if (drafts.read(this.id) === turn.text) drafts.keep(this.id, '')
  }

  #follow(turn: Turn, event: TurnEvent) {
    const { answer } = turn
    if (!turn.received) this.#receive(turn)
    if (event.event === 'text') answer.text += event.delta
    if (event.event === 'replace') answer.text = event.text
    if (event.event === 'call') putCall(answer.calls, event.call)
    if (event.event === 'conversation' && !this.id) {
      drafts.move(undefined, event.conversation)
      this.id = event.conversation
      this.#onStarted(event.conversation)
    }
    if (event.event === 'reply') {
      Object.assign(answer, {
        id: event.reply.id,
        text: event.reply.text,
        calls: event.calls,
        status: 'done',
      })
    }
  }

  async #load(id: string) {
    clearTimeout(this.#poll)
    this.#read.abort()
    this.#read = new AbortController()
    const { signal } = this.#read
    const known = new Set(this.turns.filter((turn) => turn.received && turn !== this.#streamed))
    this.loading = this.turns.length === 0
    try {
      const messages = await readAll(id, signal)
      if (signal.aborted) return
      const newer = this.turns.filter((turn) => !known.has(turn))
      this.turns = merge(toTurns(messages), newer)
      if (this.busy && !this.#streamed) this.#poll = setTimeout(() => this.#load(id), pollInMilliseconds)
    } catch (error) {
      if (!isAborted(error)) this.problem = error
    } finally {
      if (!signal.aborted) this.loading = false
    }
  }
}

/** A message may be sent while the list is read: of `newer` the list may then know nothing, or the question alone. */
function merge(read: Turn[], newer: Turn[]): Turn[] {
  const unread = new Map(newer.map((turn) => [turn.id, turn]))
  const turns = read.map((turn) => {
    const own = unread.get(turn.id)
    unread.delete(turn.id)
    return own ?? turn
  })
  return [...turns, ...unread.values()]
}

function emptyAnswer(): Answer {
  return { text: '', calls: [], status: 'running' }
}

function putCall(calls: Call[], call: Call) {
  const index = calls.findIndex(({ id }) => id === call.id)
  if (index < 0) calls.push(call)
  else calls[index] = call
}

function settle(answer: Answer, error: unknown) {
  answer.status = isAborted(error) ? 'stopped' : 'failed'
  if (answer.status === 'stopped') answer.text = `${answer.text}\n\n${t('chat.stopped')}`.trim()
  answer.calls = answer.calls.filter(({ status }) => status !== 'running')
  if (answer.status === 'failed') {
    answer.problem =
      error instanceof ApiError
        ? error
        : new ApiError(0, { code: 'unreadable', message: t('error.unreadable') })
  }
}

/** A message that the server never got is a draft still, so that leaving the page does not lose it. */
function keepUnsent({ text }: Turn, conversation: string | undefined) {
  if (drafts.read(conversation) === '') drafts.keep(conversation, text)
}

async function readAll(conversationId: string, signal: AbortSignal): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = []
  let cursor: string | null = null
  do {
    const query = queryString({ conversationId, sort: 'at', limit: 200, cursor })
    const page: Page<StoredMessage> = await api(`/platform/messages${query}`, { signal })
    messages.push(...page.items)
    cursor = page.nextCursor
  } while (cursor)
  return messages
}

/** Pairs each message of the person with the answers that follow it. */
function toTurns(messages: StoredMessage[]): Turn[] {
  const turns: Turn[] = []
  for (const { id, role, author, text, calls, status, at } of messages) {
    if (role !== 'agent')
      turns.push({
        id,
        text,
        at,
        author,
        answer: { ...emptyAnswer(), status: role === 'person' ? 'stopped' : 'unasked' },
        received: true,
      })
    else {
      const asked = turns.findLast(({ answer }) => answer.status !== 'unasked')
      if (asked) asked.answer = joined(asked.answer, { id, text, calls, status })
    }
  }
  return turns
}

/** What was told later, of a decision say, follows what was answered; a thumb points to the answer. */
function joined(earlier: Answer, { id, text, calls, status }: Answer & { id: string }): Answer {
  return {
    id: earlier.id ?? id,
    text: [earlier.text, text].filter(Boolean).join('\n\n'),
    calls: [...earlier.calls, ...calls],
    status,
  }
}
