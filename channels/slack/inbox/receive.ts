import type { Logger } from '#core'
import type { Bolt } from './bolt.ts'
import { addresseeOf, fieldsOf, readEvent, textOf, type Body } from './envelope.ts'
import type { InboxStore, OwnApp } from './store.ts'

/** What goes back to Slack within its three seconds. */
export interface Answer {
  readonly status: number
  readonly body?: string | object
}

export interface ReceiveParts {
  readonly store: InboxStore
  readonly bolt: () => Promise<Bolt>
  readonly log: Logger
  readonly poke: () => void
  /** Slack has begun to drop events of this workspace, because they are too many. */
  readonly onRateLimited: (ownApp: OwnApp, body: Body) => Promise<void>
}

/** Takes what Slack sent, over HTTP or a socket, and says what to answer. It throws where it could not be kept: Slack sends it again. */
export type Receive = (ownApp: OwnApp, body: Body, raw: string) => Promise<Answer>

const taken: Answer = { status: 200 }

/** Milliseconds after which Slack is answered whatever a listener still does; Slack waits three seconds. */
const patience = 2_500

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
  { store, poke, log }: ReceiveParts,
  ownApp: OwnApp,
  body: Body,
  raw: string,
): Promise<Answer> {
  const event = readEvent(body)
  if (!event) return taken
  const outcome = await store.takeIn(ownApp, addresseeOf(body), event, raw)
  if (outcome === 'kept') poke()
  if (outcome === 'nobody')
    log.info({ app: body['api_app_id'] }, 'an event of a workspace that nobody has connected was dropped')
  return taken
}

/** A button, a modal, a command: the listener says what Slack shows, so it runs before the answer. */
async function interact({ store, bolt, log }: ReceiveParts, ownApp: OwnApp, body: Body): Promise<Answer> {
  const workspace = await store.workspaceOf(ownApp, addresseeOf(body))
  if (!workspace) return taken
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const timer = setTimeout(() => {
    log.warn({ what: nameOf(body) }, 'a listener did not answer Slack in time')
    resolve(taken)
  }, patience)
  const ack = async (response?: unknown): Promise<void> => resolve(answerOf(response))
  void bolt()
    .then(({ process }) => process(body, workspace, ack))
    .catch((error: unknown) => {
      log.error({ err: error, what: nameOf(body) }, 'a listener of Slack’s failed')
      resolve({ status: 500 })
    })
    .finally(() => resolve(taken))
  return promise.finally(() => clearTimeout(timer))
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
