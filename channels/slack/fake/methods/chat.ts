import { describeMessage } from '../describe.ts'
import { change, post, remove } from '../messages.ts'
import { refuse } from '../refusal.ts'
import type { Fields, Message } from '../state.ts'
import {
  actorOf,
  channelOf,
  fields,
  installationOf,
  maybe,
  messageIn,
  teamOf,
  userOf,
  type Call,
  type Methods,
} from './call.ts'
import { checkCustomization, contentOf, threadOf, writableChannel } from './chatContent.ts'

export const chat: Methods = {
  'chat.postMessage': (call) => {
    const channel = writableChannel(call)
    checkCustomization(call)
    call.world.limits.countMessage(channel.id)
    const threadTs = threadOf(call, channel)
    const message = post(call.world, channel, actorOf(call), {
      ...contentOf(call),
      ...author(call),
      ...(threadTs && {
        threadTs,
        ...(call.args['reply_broadcast'] === true && { subtype: 'thread_broadcast' }),
      }),
    })
    return answerOf(call, message)
  },

  'chat.postEphemeral': (call) => {
    const channel = writableChannel(call)
    checkCustomization(call)
    const user = userOf(call, 'user', 'user_not_in_channel')
    if (!channel.members.has(user.id)) refuse('user_not_in_channel')
    const threadTs = threadOf(call, channel)
    const message = post(call.world, channel, actorOf(call), {
      ...contentOf(call), ...author(call), onlyFor: user.id, ...(threadTs && { threadTs }),
    }) // prettier-ignore
    return { message_ts: message.ts }
  },

  'chat.update': (call) => {
    const message = ownMessage(call, 'cant_update_message')
    if (message.stream?.state === 'in_progress') refuse('streaming_state_conflict')
    const content = contentOf(call)
    if (content.text.length > 40_000) refuse('msg_too_long')
    change(call.world, message, (one) => {
      Object.assign(one, content, { edited: { user: actorOf(call).id, ts: call.world.ids.timestamp() } })
    })
    return { ...answerOf(call, message), text: message.text }
  },

  'chat.delete': (call) => {
    const message = ownMessage(call, 'cant_delete_message')
    remove(call.world, message)
    return { channel: message.channel.id, ts: message.ts }
  },

  'chat.getPermalink': (call) => {
    const channel = channelOf(call)
    const { ts } = messageIn(call, channel, 'message_ts')
    const { domain } = teamOf(call)
    return {
      channel: channel.id,
      permalink: `https://${domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`,
    }
  },

  'chat.unfurl': (call) => {
    const message = unfurled(call)
    const unfurls = fields(call, 'unfurls') ?? {}
    const foreign = Object.keys(unfurls).find((url) => !message.text.replaceAll('&amp;', '&').includes(url))
    if (foreign) refuse('cannot_unfurl_url')
    change(call.world, message, (one) => {
      one.unfurls = unfurls
      one.attachments = Object.entries(unfurls).map(([url, unfurl]) => ({
        ...(unfurl as Fields),
        from_url: url,
      }))
    })
  },
}

/** Who stands over a message: the bot, under the name that it was given for this once. */
export function author(call: Call): { botId?: string; username?: string } {
  if (call.token.user) return {}
  const username = maybe(call, 'username')
  return { botId: installationOf(call).botId, ...(username && { username }) }
}

export const answerOf = ({ world }: Call, message: Message): Fields => ({
  channel: message.channel.id,
  ts: message.ts,
  message: describeMessage(world, message),
})

function ownMessage(call: Call, otherwise: string): Message {
  const message = messageIn(call, channelOf(call))
  if (message.user !== actorOf(call)) refuse(otherwise)
  return message
}

function unfurled(call: Call): Message {
  const [channelId, ...ts] = (maybe(call, 'unfurl_id') ?? '').split('.')
  const { workspace } = call.world
  const channel = channelId ? workspace.findChannel(channelId) : channelOf(call)
  if (!channel) return refuse('cannot_find_channel')
  const found = workspace.findMessage(channel, channelId ? ts.join('.') : String(call.args['ts']))
  return found ?? refuse('cannot_find_message')
}
