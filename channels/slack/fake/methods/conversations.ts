import { describeChannel, describeMessage } from '../describe.ts'
import { tellInChannel } from '../events.ts'
import { refuse } from '../refusal.ts'
import type { Channel, Fields, Message, User } from '../state.ts'
import {
  actorOf,
  channelOf,
  installationOf,
  maybe,
  pageOf,
  teamOf,
  text,
  type Call,
  type Methods,
} from './call.ts'

export const conversations: Methods = {
  'conversations.history': (call) => {
    const channel = readable(call)
    const roots = channel.messages.filter(
      (one) => isSeen(call, one) && (!one.threadTs || one.subtype === 'thread_broadcast'),
    )
    return pageOfMessages(call, roots.toReversed(), 100)
  },

  'conversations.replies': (call) => {
    const channel = readable(call)
    const ts = text(call, 'ts')
    const root = call.world.workspace.findMessage(channel, ts) ?? refuse('thread_not_found')
    const thread = root.threadTs ?? root.ts
    return pageOfMessages(
      call,
      channel.messages.filter((one) => isSeen(call, one) && (one.ts === thread || one.threadTs === thread)),
      1000,
    )
  },

  'conversations.info': (call) => ({ channel: describeChannel(channelOf(call), actorOf(call)) }),

  'conversations.members': (call) => {
    const { page, cursor } = pageOf(call, [...channelOf(call).members], 100)
    return { members: page, response_metadata: { next_cursor: cursor } }
  },

  'conversations.list': (call) => {
    const team = teamOf(call)
    const named = (maybe(call, 'types') ?? 'public_channel').split(',')
    const kinds = new Set(named.map((kind) => kind.replace('_channel', '')))
    const seen = call.world.workspace.channels.filter(
      (one) => [one.team, ...one.sharedWith].includes(team) && kinds.has(one.kind)
        && (one.kind === 'public' || one.members.has(actorOf(call).id))
        && !(call.args['exclude_archived'] && one.isArchived),
    ) // prettier-ignore
    const { page, cursor } = pageOf(call, seen, 100)
    return {
      channels: page.map((one) => describeChannel(one, actorOf(call))),
      response_metadata: { next_cursor: cursor },
    }
  },

  'conversations.open': (call) => {
    const known = maybe(call, 'channel')
    if (known) return { channel: { id: channelOf(call).id }, already_open: true, no_op: true }
    const names = maybe(call, 'users')?.split(',') ?? refuse('users_list_not_supplied')
    if (names.length > 8) refuse('too_many_users')
    const people = names.map((id) => personToTalkTo(call, id))
    const channel = call.world.workspace.direct(installationOf(call).team, [...people, actorOf(call)])
    return { channel: call.args['return_im'] ? describeChannel(channel, actorOf(call)) : { id: channel.id } }
  },

  'conversations.join': (call) => {
    const channel = channelOf(call)
    if (channel.kind !== 'public') refuse('method_not_supported_for_channel_type')
    if (channel.isArchived) refuse('is_archived')
    join(call, channel, actorOf(call))
    return { channel: describeChannel(channel, actorOf(call)) }
  },
}

function join(call: Call, channel: Channel, user: User): void {
  if (channel.members.has(user.id)) return void call.warnings.push('already_in_channel')
  channel.members.add(user.id)
  tellInChannel(call.world, channel, {
    type: 'member_joined_channel', user: user.id, channel: channel.id, channel_type: 'C', team: user.team.id,
    event_ts: call.world.ids.timestamp(),
  }) // prettier-ignore
  call.world.changes.emit('change')
}

function personToTalkTo(call: Call, id: string): User {
  const user = call.world.workspace.findUser(id) ?? refuse('user_not_found')
  return user.kind === 'deactivated' ? refuse('user_disabled') : user
}

/** The bot reads where it is; apps that are sold outside the marketplace seldom. */
function readable(call: Call): Channel {
  const channel = channelOf(call)
  if (!channel.members.has(actorOf(call).id)) refuse('not_in_channel')
  if (call.world.app.isCommercial) call.world.limits.countHistory(call.method, installationOf(call).team.id)
  return channel
}

/** What is for one person alone is in nobody's history. */
const isSeen = (call: Call, { onlyFor }: Message): boolean =>
  onlyFor === undefined || onlyFor === call.token.user?.id

const mostForCommercial = 15

function pageOfMessages(call: Call, all: readonly Message[], size: number): Fields {
  const oldest = moment(call, 'oldest', 0, 'invalid_ts_oldest')
  const latest = moment(call, 'latest', Infinity, 'invalid_ts_latest')
  const inclusive = call.args['inclusive'] === true
  const within = all.filter(({ ts }) =>
    inclusive ? Number(ts) >= oldest && Number(ts) <= latest : Number(ts) > oldest && Number(ts) < latest,
  )
  const most = call.world.app.isCommercial ? mostForCommercial : size
  const limit = Math.min(Number(call.args['limit'] ?? most), most)
  const { page, cursor } = pageOf({ ...call, args: { ...call.args, limit } }, within, limit)
  return {
    messages: page.map((message) => describeMessage(call.world, message)),
    has_more: cursor !== '',
    ...(cursor && { response_metadata: { next_cursor: cursor } }),
  }
}

function moment(call: Call, name: string, otherwise: number, fault: string): number {
  const given = maybe(call, name)
  if (given === undefined || given === 'now') return otherwise
  return Number.isFinite(Number(given)) ? Number(given) : refuse(fault)
}
