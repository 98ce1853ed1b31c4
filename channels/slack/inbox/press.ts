import { createHash } from 'node:crypto'
import { textOf, type Body } from './envelope.ts'

/** Something that a person did to be carried out: a button, a modal sent, a command, a shortcut. */
export interface Press {
  /** The same however often it comes, and nothing that Slack would take. */
  readonly id: string
  /** As it is kept. */
  readonly body: string
}

const kinds = new Set(['block_actions', 'view_submission', 'message_action', 'shortcut'])

/**
 * What is good for whoever has it: Slack's trigger (three seconds, one modal), addresses to answer at (half an hour), and the
 * token of old. Listeners of this moment have the trigger; who hears a press later opens no modal any more.
 */
const secrets = new Set(['trigger_id', 'response_url', 'response_urls', 'token'])

/** Reads what is to be kept; nothing where Slack only asks, such as for the choices of a menu, or tells that a modal was closed. */
export function readPress(body: Body): Press | undefined {
  const trigger = textOf(body['trigger_id'])
  const isPress = kinds.has(textOf(body['type']) ?? '') || textOf(body['command']) !== undefined
  if (!isPress || trigger === undefined) return undefined
  const kept = Object.entries(body).filter(([name]) => !secrets.has(name))
  const hash = createHash('sha256').update(trigger).digest('base64url')
  return { id: `press ${hash}`, body: JSON.stringify(Object.fromEntries(kept)) }
}
