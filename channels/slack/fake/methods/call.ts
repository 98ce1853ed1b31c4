import { refuse } from '../refusal.ts'
import type { Installation, Token } from '../installations.ts'
import type { Channel, Fields, Message, Team, User } from '../state.ts'
import type { World } from '../world.ts'

/** One call of a method, its arguments checked. */
export interface Call {
  readonly world: World
  readonly method: string
  readonly args: Fields
  /** Who calls; methods without a token (oauth.v2.access) do not ask for it. */
  readonly token: Token
  readonly warnings: string[]
}

/** What a method answers beside `ok: true`. */
export type Method = (call: Call) => Fields | void
export type Methods = Readonly<Record<string, Method>>

export const text = ({ args }: Call, name: string): string => String(args[name] ?? '')
export const maybe = ({ args }: Call, name: string): string | undefined =>
  typeof args[name] === 'string' && args[name] !== '' ? args[name] : undefined
export const listed = ({ args }: Call, name: string): readonly Fields[] | undefined =>
  args[name] as readonly Fields[] | undefined
export const fields = ({ args }: Call, name: string): Fields | undefined => args[name] as Fields | undefined

export function installationOf({ token }: Call): Installation {
  return token.installation ?? refuse('not_allowed_token_type')
}

/** Who acts: the person of a user token, else the bot. */
export const actorOf = (call: Call): User => call.token.user ?? installationOf(call).bot

/** The workspace of the call; an organisation's token has to name it. */
export function teamOf(call: Call): Team {
  const { isOrgWide, team, enterprise } = installationOf(call)
  const id = maybe(call, 'team_id')
  if (!isOrgWide) return team
  if (!id)
    return refuse('missing_argument', {
      response_metadata: { messages: ['[ERROR] missing required field: team_id'] },
    })
  const named = call.world.workspace.teams.find((one) => one.id === id)
  if (!named || named.enterprise?.id !== enterprise?.id) return refuse('team_access_not_granted')
  return named
}

/** A channel that the caller can see: its workspaces' public ones, and others that it is in. */
export function channelOf(call: Call, name = 'channel'): Channel {
  const channel = call.world.workspace.findChannel(text(call, name))
  if (!channel || !isVisible(call, channel)) return refuse('channel_not_found')
  return channel
}

function isVisible(call: Call, channel: Channel): boolean {
  const { isOrgWide, team, enterprise } = installationOf(call)
  const teams = [channel.team, ...channel.sharedWith]
  const isOurs = teams.some((one) => one === team || (isOrgWide && one.enterprise?.id === enterprise?.id))
  return isOurs && (channel.kind === 'public' || channel.members.has(actorOf(call).id))
}

export function messageIn(call: Call, channel: Channel, name = 'ts', missing = 'message_not_found'): Message {
  return call.world.workspace.findMessage(channel, text(call, name)) ?? refuse(missing)
}

export function userOf(call: Call, name = 'user', missing = 'user_not_found'): User {
  return call.world.workspace.findUser(text(call, name)) ?? refuse(missing)
}

/** A page of a list, and the cursor of the next one. */
export function pageOf<Item>(
  call: Call,
  items: readonly Item[],
  size: number,
): { page: Item[]; cursor: string } {
  const cursor = maybe(call, 'cursor')
  const start = cursor ? Number(Buffer.from(cursor, 'base64').toString().replace('next:', '')) : 0
  if (!Number.isInteger(start)) return refuse('invalid_cursor')
  const limit = Number(call.args['limit'] ?? size)
  const end = start + limit
  return {
    page: items.slice(start, end),
    cursor: end < items.length ? Buffer.from(`next:${end}`).toString('base64') : '',
  }
}
