import { hears } from '../app.ts'
import { tellInChannel } from '../events.ts'
import type { Channel } from '../state.ts'
import type { Session, World } from '../world.ts'

/** A session that nobody takes off `processing` is done after an hour; free words after two minutes. */
const longestWork = 3600_000
const lifeOfWords = 2 * 60_000

export function sessionOf(world: World, channel: Channel, threadTs: string): Session | undefined {
  return world.sessions.get(`${channel.id} ${threadTs}`)
}

export function beginSession(world: World, channel: Channel, threadTs: string): Session {
  const known = sessionOf(world, channel, threadTs)
  if (known) return known
  const session: Session = {
    channel: channel.id, threadTs, status: 'active', words: '', loading: [], title: '', callOff: () => undefined,
  } // prettier-ignore
  world.sessions.set(`${channel.id} ${threadTs}`, session)
  return session
}

export function setSession(
  world: World,
  channel: Channel,
  threadTs: string,
  changes: Partial<Session>,
): Session {
  const session = beginSession(world, channel, threadTs)
  session.callOff()
  Object.assign(session, changes)
  const clear = (): void => {
    Object.assign(session, {
      words: '',
      loading: [],
      ...(session.status === 'processing' && { status: 'active' }),
    })
    world.changes.emit('change')
  }
  const wait = session.words ? lifeOfWords : longestWork
  session.callOff =
    session.words || session.status === 'processing' ? world.clock.after(wait, clear) : () => undefined
  world.changes.emit('change')
  return session
}

/** A person presses Stop: streams of the thread take no more, and the app is told to end its work. */
export function stopSession(world: World, channel: Channel, threadTs: string, user: string): string[] {
  const running = channel.messages.filter(
    (one) => one.threadTs === threadTs && one.stream?.state === 'in_progress',
  )
  for (const { stream } of running) if (stream) stream.stoppedByUser = true
  const streaming = running.map(({ ts }) => ts)
  tellInChannel(world, channel, {
    type: 'agent_session_stopped', channel: channel.id, user, thread_ts: threadTs, streaming_message_ts: streaming,
    event_ts: world.ids.timestamp(),
  }) // prettier-ignore
  world.changes.emit('change')
  return streaming
}

/** Slack shows Stop only to apps that want to hear of it. */
export const canBeStopped = (world: World): boolean => hears(world.app, 'agent_session_stopped')
