import type { Logger } from '#core'
import type { Bolt, SlackContext } from './bolt.ts'
import { addresseeOf, fieldsOf, readEvent, textOf, type Body } from './envelope.ts'
import { readPress } from './press.ts'
import type { InboxStore, OwnApp } from './store.ts'
import type { InboxWorker } from './worker.ts'

/** What goes back to Slack while it waits. */
export interface Answer {
  readonly status: number
  readonly body?: string | object
}

export interface ReceiveParts {
  readonly store: InboxStore
  readonly bolt: () => Promise<Bolt>
  readonly log: Logger
  readonly worker: Pick<InboxWorker, 'id' | 'begin' | 'poke'>
  /** Milliseconds that Slack waits. */
  readonly patience: number
  /** Slack has begun to drop events of this workspace, because they are too many. */
  readonly onRateLimited: (ownApp: OwnApp, body: Body) => Promise<void>
}

/** Takes what Slack sent, over HTTP or a socket, and says what to answer. It throws where it could not be kept: Slack sends it again. */
export type Receive = (ownApp: OwnApp, body: Body, raw: string) => Promise<Answer>

const taken: Answer = { status: 200 }

/** Milliseconds before the end of Slack's patience at which it is answered, whatever a listener still does. */
const spare = 500

export function createReceive(parts: ReceiveParts): Receive {
  return async (ownApp, body, raw) => {
    const { type } = body
    if (type === 'url_verification') return { status: 200, body: { challenge: body['challenge'] } }
    if (type === 'event_callback') return receiveEvent(parts, ownApp, body, raw)
    if (type === 'app_rate_limited') {
      await parts.onRateLimited(ownApp, body)
      return taken
    }
    return interact(parts, ownApp, body)
  }
}

/** On the disk before the answer; worked on after it. */
async function receiveEvent(
  { store, worker, log }: ReceiveParts,
  ownApp: OwnApp,
  body: Body,
  raw: string,
): Promise<Answer> {
  const event = readEvent(body)
  if (!event) return taken
  const outcome = await store.takeIn(ownApp, addresseeOf(body), event, raw)
  if (outcome === 'kept') worker.poke()
  if (outcome === 'nobody')
    log.info({ app: body['api_app_id'] }, 'an event of a workspace that nobody has connected was dropped')
  return taken
}

/**
 * A button, a modal, a command: the listener says what Slack shows, so it runs before the answer. What was pressed is kept before
 * that, and carried out by whoever finds it should this process die; what Slack only asks is not.
 */
async function interact(parts: ReceiveParts, ownApp: OwnApp, body: Body): Promise<Answer> {
  const { store, worker } = parts
  const press = readPress(body)
  if (!press) {
    const workspace = await store.workspaceOf(ownApp, addresseeOf(body))
    return workspace ? listened(parts, body, { workspace, delivery: '' }).answer : taken
  }
  const kept = await store.takeInPress(ownApp, addresseeOf(body), press, worker.id)
  if (!kept?.claimed) return taken
  const { answer, done } = listened(parts, body, { workspace: kept.workspace, delivery: press.id })
  worker.begin(kept.claimed, () => done)
  return answer
}

interface Listened {
  readonly answer: Promise<Answer>
  /** Rejects where a listener failed after Slack was answered: nobody has been told, so it is tried again. */
  readonly done: Promise<void | 'failed'>
}

function listened({ bolt, log, patience }: ReceiveParts, body: Body, context: SlackContext): Listened {
  const { promise: answer, resolve } = Promise.withResolvers<Answer>()
  let isAnswered = false
  const say = (said: Answer): void => {
    isAnswered = true
    resolve(said)
  }
  const timer = setTimeout(() => {
    log.warn({ what: nameOf(body) }, 'a listener did not answer Slack in time')
    say(taken)
  }, patience - spare)
  const listen = async (): Promise<void | 'failed'> => {
    try {
      await (await bolt()).process(body, context, async (response) => say(answerOf(response)))
      say(taken)
    } catch (error) {
      log.error({ err: error, what: nameOf(body) }, 'a listener of Slack’s failed')
      if (isAnswered) throw error
      say({ status: 500 })
      return 'failed'
    } finally {
      clearTimeout(timer)
    }
  }
  const done = listen()
  done.catch(() => undefined)
  return { answer, done }
}

function answerOf(response: unknown): Answer {
  if (response === undefined || response === '') return taken
  return { status: 200, body: typeof response === 'string' ? response : (response as object) }
}

const nameOf = (body: Body): string =>
  textOf(body['callback_id']) ??
  textOf(body['command']) ??
  textOf(fieldsOf(body['view'])['callback_id']) ??
  textOf(body['type']) ??
  ''
