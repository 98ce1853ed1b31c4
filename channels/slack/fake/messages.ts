import { describeMessage } from './describe.ts'
import { tellOfChange, tellOfMessage } from './events.ts'
import type { Channel, Message, User } from './state.ts'
import type { World } from './world.ts'

export type NewMessage = Partial<Omit<Message, 'ts' | 'channel' | 'user' | 'reactions'>>

/** Puts a message into a channel and tells the app of it. */
export function post(world: World, channel: Channel, user: User, content: NewMessage): Message {
  const message: Message = {
    ts: world.ids.timestamp(), text: '', blocks: [], attachments: [], files: [], teamId: user.team.id,
    ...content, channel, user, reactions: new Map(),
  } // prettier-ignore
  channel.messages.push(message)
  if (!message.onlyFor) tellOfMessage(world, message)
  clearThinking(world, message)
  world.changes.emit('change')
  return message
}

/** Changes a message in place and tells the app what it was before. */
export function change(world: World, message: Message, work: (message: Message) => void): void {
  const before = describeMessage(world, message)
  work(message)
  if (!message.onlyFor) tellOfChange(world, message, before, 'changed')
  world.changes.emit('change')
}

export function remove(world: World, message: Message): void {
  const { messages } = message.channel
  messages.splice(messages.indexOf(message), 1)
  if (!message.onlyFor) tellOfChange(world, message, describeMessage(world, message), 'deleted')
  world.changes.emit('change')
}

/** An app's answer in a thread takes the words away that said it was thinking. */
function clearThinking(world: World, { channel, threadTs, botId }: Message): void {
  const session = botId && threadTs ? world.sessions.get(`${channel.id} ${threadTs}`) : undefined
  if (session) Object.assign(session, { words: '', loading: [] })
}
