import type { FastifyInstance } from 'fastify'
import type { Authenticate, Conversations, Core } from '#core'
import { createApiOf } from './install/api.ts'
import { createOutgoing } from './outbox/createOutgoing.ts'
import type { SlackParts } from './parts.ts'

export interface SlackRegistration {
  readonly core: Core
  readonly conversations: Conversations
  readonly authenticate: Authenticate
}

/** The channel while it runs. */
export interface Slack {
  /** Ends what it does in the background; what was received and not finished is gone on with at the next start. */
  close(): Promise<void>
}

/** Slack's ways in and out, on the server of this process. */
export async function registerSlack(_app: FastifyInstance, given: SlackRegistration): Promise<Slack> {
  const api = createApiOf(given.core)
  const out = createOutgoing({ core: given.core, api })
  const parts: SlackParts = { ...given, api, out }
  void parts
  return { close: () => out.close() }
}
