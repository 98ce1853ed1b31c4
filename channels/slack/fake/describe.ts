import { richTextOf } from './richText.ts'
import type { Channel, Fields, Message, SlackFile, User } from './state.ts'
import type { World } from './world.ts'

/** A message as Slack's API and events show it. */
export function describeMessage(world: World, message: Message): Fields {
  const { channel, user, ts, threadTs } = message
  const thread = threadTs ?? ts
  const replies = channel.messages.filter(
    (one) => one.threadTs === thread && one.ts !== thread && !one.onlyFor,
  )
  const parent = threadTs ? channel.messages.find((one) => one.ts === threadTs) : undefined
  return {
    type: 'message',
    ...(message.subtype && { subtype: message.subtype }),
    user: user.id, ts, text: message.text, team: message.teamId, blocks: blocksOf(message),
    ...(message.clientMessageId && { client_msg_id: message.clientMessageId }),
    ...(message.botId && {
      bot_id: message.botId, app_id: world.app.id,
      bot_profile: { id: message.botId, app_id: world.app.id, name: user.realName, team_id: message.teamId },
    }),
    ...(message.username && { username: message.username }),
    ...(message.attachments.length > 0 && { attachments: message.attachments }),
    ...(message.metadata && { metadata: message.metadata }),
    ...(message.edited && { edited: message.edited }),
    ...(message.stream && { streaming_state: message.stream.state }),
    ...(message.files.length > 0 && { files: message.files.map((file) => describeFile(world, file)) }),
    ...(message.reactions.size > 0 && { reactions: reactionsOf(message) }),
    ...(threadTs && { thread_ts: threadTs, ...(parent && { parent_user_id: parent.user.id }) }),
    ...(replies.length > 0 && !threadTs && {
      thread_ts: ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts,
      reply_users: [...new Set(replies.map((one) => one.user.id))],
    }),
  } // prettier-ignore
}

/** Slack makes blocks of a text that came without. */
const blocksOf = (message: Message): readonly object[] =>
  message.blocks.length > 0 || message.text === '' ? message.blocks : [richTextOf(message.text, message.ts)]

const reactionsOf = ({ reactions }: Message): object[] =>
  [...reactions].map(([name, users]) => ({ name, count: users.size, users: [...users] }))

export function describeUser({ kind, ...user }: User, seenFrom: string, withEmail: boolean): Fields {
  const isGuest = kind === 'guest' || kind === 'channelGuest'
  return {
    id: user.id, team_id: user.team.id, name: user.name, real_name: user.realName, deleted: kind === 'deactivated',
    tz: 'Europe/Copenhagen', tz_label: 'Central European Time', tz_offset: 3600, locale: 'da-DK',
    profile: {
      real_name: user.realName, display_name: user.name, team: user.team.id,
      ...(withEmail && user.email && { email: user.email }),
    },
    is_admin: user.isAdmin, is_owner: user.isAdmin, is_primary_owner: false,
    is_restricted: isGuest, is_ultra_restricted: kind === 'channelGuest', is_bot: kind === 'bot',
    is_app_user: false, ...(user.team.id !== seenFrom && { is_stranger: true }),
  } // prettier-ignore
}

export function describeChannel(channel: Channel, viewer: User): Fields {
  const { kind } = channel
  const other = [...channel.members].find((id) => id !== viewer.id)
  return {
    id: channel.id, created: 1_700_000_000, context_team_id: channel.team.id, is_archived: channel.isArchived,
    is_channel: kind === 'public', is_group: kind === 'private', is_im: kind === 'im', is_mpim: kind === 'mpim',
    is_private: kind !== 'public', is_member: channel.members.has(viewer.id),
    is_shared: channel.sharedWith.length > 0, is_ext_shared: channel.sharedWith.length > 0,
    shared_team_ids: [channel.team, ...channel.sharedWith].map(({ id }) => id), num_members: channel.members.size,
    ...(kind === 'im'
      ? { user: other ?? viewer.id }
      : { name: channel.name, name_normalized: channel.name, topic: { value: channel.topic, creator: '', last_set: 0 } }),
  } // prettier-ignore
}

export function describeFile(world: World, file: SlackFile): Fields {
  const address = `${world.address}/files-pri/${file.team.id}-${file.id}`
  return {
    id: file.id, name: file.name, title: file.title, user: file.owner.id, size: file.size, mode: 'hosted',
    mimetype: mimeTypes[file.name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    filetype: file.name.split('.').at(-1), is_external: false, channels: file.channels,
    url_private: `${address}/${encodeURIComponent(file.name)}`,
    url_private_download: `${address}/download/${encodeURIComponent(file.name)}`,
    ...(file.altText && { alt_txt: file.altText }),
  } // prettier-ignore
}

const mimeTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
}
