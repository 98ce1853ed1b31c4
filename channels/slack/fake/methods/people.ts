import { describeUser } from '../describe.ts'
import { tellInChannel } from '../events.ts'
import { refuse } from '../refusal.ts'
import type { Message, Team, User } from '../state.ts'
import {
  actorOf,
  channelOf,
  installationOf,
  maybe,
  messageIn,
  pageOf,
  teamOf,
  text,
  userOf,
  type Call,
  type Methods,
} from './call.ts'

export const people: Methods = {
  'users.info': (call) => ({ user: seen(call, visible(call, userOf(call))) }),

  'users.list': (call) => {
    const team = teamOf(call)
    const { page, cursor } = pageOf(
      call,
      call.world.workspace.users.filter((user) => user.team === team),
      100,
    )
    return {
      members: page.map((user) => seen(call, user)),
      cache_ts: 0,
      response_metadata: { next_cursor: cursor },
    }
  },

  'users.lookupByEmail': (call) => {
    const { isOrgWide, team } = installationOf(call)
    const email = text(call, 'email').toLowerCase()
    const user = call.world.workspace.users.find(
      (one) =>
        one.email?.toLowerCase() === email && one.kind !== 'deactivated' && (isOrgWide || one.team === team),
    )
    return { user: seen(call, user ?? refuse('users_not_found')) }
  },

  'bots.info': (call) => {
    teamOf(call)
    const { bot, botId } = installationOf(call)
    if (maybe(call, 'bot') && maybe(call, 'bot') !== botId) refuse('bot_not_found')
    return {
      bot: { id: botId, user_id: bot.id, app_id: call.world.app.id, name: bot.realName, deleted: false },
    }
  },

  'team.info': (call) => {
    const named = maybe(call, 'team')
    const team = named ? call.world.workspace.teams.find(({ id }) => id === named) : teamOf(call)
    return { team: describeTeam(team ?? refuse('team_not_found')) }
  },

  'reactions.add': (call) => {
    const { message, users } = reactionIn(call)
    if (users.has(actorOf(call).id)) refuse('already_reacted')
    users.add(actorOf(call).id)
    message.reactions.set(text(call, 'name'), users)
    tellOfReaction(call, message)
  },

  'reactions.remove': (call) => {
    const { message, users } = reactionIn(call)
    if (!users.delete(actorOf(call).id)) refuse('no_reaction')
    if (users.size === 0) message.reactions.delete(text(call, 'name'))
    call.world.changes.emit('change')
  },
}

function reactionIn(call: Call): { message: Message; users: Set<string> } {
  if (!maybe(call, 'channel')) refuse('no_item_specified')
  const channel = channelOf(call)
  const name = text(call, 'name')
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) refuse('invalid_name')
  if (!/^\d+\.\d{6}$/.test(text(call, 'timestamp'))) refuse('bad_timestamp')
  const message = messageIn(call, channel, 'timestamp')
  return { message, users: message.reactions.get(name) ?? new Set() }
}

function tellOfReaction(call: Call, message: Message): void {
  const { channel, ts, user } = message
  tellInChannel(call.world, channel, {
    type: 'reaction_added', user: actorOf(call).id, reaction: text(call, 'name'), item_user: user.id,
    item: { type: 'message', channel: channel.id, ts }, event_ts: call.world.ids.timestamp(),
  }) // prettier-ignore
  call.world.changes.emit('change')
}

/** One sees one's own workspaces' people, and strangers with whom one shares a channel. */
function visible(call: Call, user: User): User {
  const { isOrgWide, team, enterprise } = installationOf(call)
  const isOurs = user.team === team || (isOrgWide && user.team.enterprise?.id === enterprise?.id)
  const shares = call.world.workspace.channels.some(
    (one) => one.members.has(user.id) && one.members.has(actorOf(call).id),
  )
  return isOurs || shares ? user : refuse('user_not_visible')
}

const seen = (call: Call, user: User): object =>
  describeUser(
    user,
    installationOf(call).isOrgWide ? user.team.id : installationOf(call).team.id,
    call.token.scopes.includes('users:read.email'),
  )

const describeTeam = ({ id, name, domain, enterprise }: Team): object => ({
  id, name, domain, email_domain: '', icon: {},
  ...(enterprise && { enterprise_id: enterprise.id, enterprise_name: enterprise.name }),
}) // prettier-ignore
