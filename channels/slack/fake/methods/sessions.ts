import { isAgent } from '../app.ts'
import { tellInChannel } from '../events.ts'
import { refuse } from '../refusal.ts'
import type { Channel, Fields } from '../state.ts'
import { channelOf, listed, maybe, text, type Call, type Methods } from './call.ts'
import { checkCustomization } from './chatContent.ts'
import { canBeStopped, sessionOf, setSession } from './sessionState.ts'

const longestTitle = 200

export const sessions: Methods = {
  'agents.sessions.setStatus': (call) => {
    const { channel, threadTs } = threadOfAgent(call)
    checkCustomization(call)
    const known = sessionOf(call.world, channel, threadTs)
    const title = known?.title || titleOf(call)
    const status = text(call, 'status')
    const warning = 'missing_agent_session_stopped_event_subscription'
    if (status === 'processing' && !canBeStopped(call.world)) call.warnings.push(warning)
    const session = setSession(call.world, channel, threadTs, { status, title })
    return { status: session.status, agent_status: session.status, title: session.title }
  },

  'agents.sessions.rename': (call) => {
    const { channel, threadTs } = threadOfAgent(call)
    const session = sessionOf(call.world, channel, threadTs) ?? refuse('session_not_found')
    const title = titleOf(call)
    if (title === '') refuse('invalid_name')
    const previous = session.title
    setSession(call.world, channel, threadTs, { title })
    tellOfTitle(call, channel, { thread_ts: threadTs, title, previous_title: previous })
    return { title }
  },

  'assistant.threads.setStatus': (call) => {
    const channel = channelOf(call, 'channel_id')
    const threadTs = existingThread(call, channel)
    checkCustomization(call)
    const loading = (listed(call, 'loading_messages') ?? []) as unknown as readonly string[]
    setSession(call.world, channel, threadTs, { words: text(call, 'status'), loading })
  },

  'assistant.threads.setTitle': (call) => {
    const channel = channelOf(call, 'channel_id')
    setSession(call.world, channel, existingThread(call, channel), { title: text(call, 'title') })
  },

  'assistant.threads.setSuggestedPrompts': (call) => {
    const channel = channelOf(call, 'channel_id')
    if (!isAgent(call.world.app)) refuse('not_agent_app')
    const prompts = listed(call, 'prompts') ?? []
    if (prompts.some(({ title, message }) => !title || !message)) refuse('invalid_arguments')
    if (maybe(call, 'thread_ts')) existingThread(call, channel)
    call.world.prompts.set(channel.id, { title: text(call, 'title'), prompts })
    call.world.changes.emit('change')
  },
}

/** A session lives in a thread, and only an app that says it is an agent has any. */
function threadOfAgent(call: Call): { channel: Channel; threadTs: string } {
  if (!isAgent(call.world.app)) refuse('not_authorized')
  const channel = channelOf(call, 'channel_id')
  const threadTs = maybe(call, 'thread_ts') ?? refuse('thread_ts_required')
  if (!call.world.workspace.findMessage(channel, threadTs)) refuse('session_not_found')
  return { channel, threadTs }
}

function existingThread(call: Call, channel: Channel): string {
  const threadTs = text(call, 'thread_ts')
  if (!call.world.workspace.findMessage(channel, threadTs)) refuse('invalid_thread_ts')
  return threadTs
}

/** Slack writes an underscore where a title has a colon. */
function titleOf(call: Call): string {
  const title = text(call, 'title')
  if (title.length > longestTitle) refuse('invalid_name')
  return title.replaceAll(':', '_')
}

function tellOfTitle(call: Call, channel: Channel, names: Fields): void {
  const event_ts = call.world.ids.timestamp()
  const user = call.token.installation?.bot.id
  tellInChannel(call.world, channel, {
    type: 'agent_session_title_changed', channel: channel.id, user, team_id: channel.team.id, ...names, event_ts,
  }) // prettier-ignore
}
