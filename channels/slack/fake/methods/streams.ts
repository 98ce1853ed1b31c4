import { change, post } from '../messages.ts'
import { isAgent } from '../app.ts'
import { refuse } from '../refusal.ts'
import { identify } from '../blockKit/identify.ts'
import { checkBlocks } from '../blockKit/validate.ts'
import type { Block, Channel, Message, Stream } from '../state.ts'
import { append, render, watchLife } from '../streams.ts'
import { actorOf, channelOf, listed, maybe, messageIn, text, type Call, type Methods } from './call.ts'
import { answerOf, author } from './chat.ts'
import { checkCustomization, metadataOf, threadOf, writableChannel } from './chatContent.ts'
import { beginSession, setSession } from './sessionState.ts'

export const streams: Methods = {
  'chat.startStream': (call) => {
    const channel = writableChannel(call)
    checkCustomization(call)
    const recipient = recipientOf(call, channel)
    const threadTs = threadOf(call, channel)
    const stream: Stream = {
      state: 'in_progress', startedAt: call.world.clock.now(), chunks: [], characters: 0, stoppedByUser: false,
      mode: maybe(call, 'task_display_mode') ?? 'timeline', firstSight: firstWordsOf(call),
      ...(recipient && { recipient }),
    } // prettier-ignore
    append(stream, chunksOf(call))
    const message = post(call.world, channel, actorOf(call), {
      ...author(call),
      stream,
      ...(threadTs && { threadTs }),
    })
    change(call.world, message, render)
    watchLife(call.world, message)
    if (threadTs && isAgent(call.world.app)) beginSession(call.world, channel, threadTs)
    return { channel: channel.id, ts: message.ts }
  },

  'chat.appendStream': (call) => {
    const message = streamOf(call)
    const stream = runningIn(message)
    if (stream.stoppedByUser) refuse('stopped_by_user')
    const chunks = chunksOf(call)
    if (chunks.length === 0) refuse('no_text')
    append(stream, chunks)
    change(call.world, message, render)
    return { channel: message.channel.id, ts: message.ts }
  },

  'chat.stopStream': (call) => {
    const message = streamOf(call)
    const stream = runningIn(message)
    const blocks = identify(checkBlocks(listed(call, 'blocks') ?? []), () =>
      call.world.ids.secret('block').slice(0, 5),
    )
    const metadata = metadataOf(call)
    append(stream, chunksOf(call))
    change(call.world, message, (one) => {
      one.metadata = metadata
      stream.state = 'completed'
      render(one)
      one.blocks = [...one.blocks, ...blocks]
    })
    const status = maybe(call, 'session_status') ?? 'active'
    if (message.threadTs) setSession(call.world, message.channel, message.threadTs, { status })
    return { ...answerOf(call, message) }
  },
}

/** In a channel somebody has to be named who sees the words come; in a direct conversation it is the other one. */
function recipientOf(call: Call, channel: Channel): string | undefined {
  const user = maybe(call, 'recipient_user_id')
  if (channel.kind === 'im') return user
  if (!user) return refuse('missing_recipient_user_id')
  if (!maybe(call, 'recipient_team_id')) refuse('missing_recipient_team_id')
  if (!call.world.workspace.findUser(user)) refuse('user_not_found')
  return user
}

function chunksOf(call: Call): readonly Block[] {
  const markdown = text(call, 'markdown_text')
  const chunks = (listed(call, 'chunks') ?? []) as readonly Block[]
  return markdown ? [...chunks, { type: 'markdown_text', text: markdown }] : chunks
}

const firstWordsOf = (call: Call): string =>
  chunksOf(call).flatMap(({ text: words }) => (typeof words === 'string' ? [words] : [])).join('') // prettier-ignore

function streamOf(call: Call): Message {
  const message = messageIn(call, channelOf(call))
  if (message.user !== actorOf(call)) refuse('message_not_owned_by_app')
  return message
}

const runningIn = ({ stream }: Message): Stream =>
  stream?.state === 'in_progress' ? stream : refuse('message_not_in_streaming_state')
