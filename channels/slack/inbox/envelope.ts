/** Slack's JSON, of which nothing is taken on trust but that Slack sent it. */
export type Body = Readonly<Record<string, unknown>>

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

export const fieldsOf = (value: unknown): Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}

/** Which installation of the app a delivery speaks to. */
export interface Addressee {
  readonly app: string | undefined
  readonly team: string | undefined
  readonly enterprise: string | undefined
}

/**
 * Of an event, its first authorization: in a channel that companies share, the team on top is whoever wrote. Of an
 * interaction, the workspace that it happened in; of a view, the one that the app is installed in. Where the app is
 * installed for a whole organisation no workspace is meant: those that are named may be of people of another company.
 */
export function addresseeOf(body: Body): Addressee {
  const [authorization] = Array.isArray(body['authorizations']) ? body['authorizations'].map(fieldsOf) : []
  const place = authorization ?? placeOf(body)
  // A command's fields are all text.
  const isOrganisation = String((authorization ?? body)['is_enterprise_install']) === 'true'
  return {
    app: textOf(body['api_app_id']),
    team: isOrganisation ? undefined : textOf(place['team_id']),
    enterprise: textOf(place['enterprise_id']),
  }
}

/** Where an interaction happened, in the words of an authorization. */
const placeOf = (body: Body): Body => ({
  team_id:
    fieldsOf(body['view'])['app_installed_team_id'] ??
    fieldsOf(body['team'])['id'] ??
    body['team_id'] ??
    fieldsOf(body['user'])['team_id'],
  enterprise_id: fieldsOf(body['enterprise'])['id'] ?? body['enterprise_id'],
})

/** An event as the inbox keeps it. */
export interface InboxEvent {
  readonly id: string
  /** Channel and ts of a new message. */
  readonly message: string | undefined
  readonly lane: string
  /** Slack's time of it: `1766458026.240809`. */
  readonly happened: string
  /** Who wrote the message that it tells of. */
  readonly author: string | undefined
}

/** Kinds of message events that tell what a person said, changed or took back; others are notices of Slack's own. */
const told = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message', 'bot_message', 'message_changed', 'message_deleted']) // prettier-ignore

/** What an event says for the inbox; nothing where nobody here would listen. */
export function readEvent(body: Body): InboxEvent | undefined {
  const event = fieldsOf(body['event'])
  const id = textOf(body['event_id'])
  const type = textOf(event['type'])
  if (id === undefined || type === undefined) return undefined
  const isMessage = type === 'message' || type === 'app_mention'
  const subtype = textOf(event['subtype'])
  if (isMessage && !told.has(subtype)) return undefined
  const about = isMessage ? messageOf(event) : event
  const isNew = isMessage && subtype !== 'message_changed' && subtype !== 'message_deleted'
  const channel = textOf(event['channel']) ?? ''
  return {
    id,
    message: isNew ? `${channel} ${textOf(event['ts']) ?? id}` : undefined,
    lane: laneOf(type, event, about, channel),
    happened: textOf(event['event_ts']) ?? textOf(event['ts']) ?? String(body['event_time'] ?? ''),
    author: isMessage ? (textOf(about['bot_id']) ?? textOf(about['user'])) : undefined,
  }
}

/** The message that an event tells of: of an edit the new one, of a removal what was there before. */
const messageOf = (event: Body): Body => {
  const inside = fieldsOf(event['message'] ?? event['previous_message'])
  return Object.keys(inside).length > 0 ? inside : event
}

/** A thread is one lane, and so is everything else that happens in one place. */
function laneOf(type: string, event: Body, about: Body, channel: string): string {
  const thread = textOf(event['thread_ts']) ?? textOf(about['thread_ts']) ?? textOf(about['ts'])
  if (type === 'message' || type === 'app_mention' || type.startsWith('agent_session_'))
    return `${channel} ${thread ?? ''}`
  return `${type} ${channel} ${textOf(event['user']) ?? ''}`
}
