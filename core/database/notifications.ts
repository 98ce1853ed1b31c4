import pg from 'pg'
import type { Logger } from '../observability/log.ts'
import { reachable } from './silence.ts'

export interface Follower {
  /** What somebody else said: another process, or the database itself. */
  onNotification(payload: string): void
  /** The connection broke (false), or is back after a while in which notifications may have been missed (true). */
  onHearing(hearing: boolean): void
}

export interface Following {
  /** Resolves when the channel is listened on, or cannot be yet. */
  readonly ready: Promise<void>
  end(): void
}

/** What processes say to each other through PostgreSQL: it is heard after the commit, once, by whoever listens then. */
export interface Notifications {
  follow(channel: string, follower: Follower): Following
  /** Says something to the other processes at once, each payload under 8,000 bytes; rejects while there is no connection. */
  notify(channel: string, payloads: readonly string[]): Promise<void>
  close(): Promise<void>
}

interface NotificationOptions {
  readonly url: string
  readonly log?: Logger | undefined
  /** Milliseconds between two questions whether the server is still there, each of which may take as long. */
  readonly heartbeat?: number
  /** Told when the connection has broken: the server, or the way to it, may be gone. */
  readonly onLost?: () => void
}

const retryMs = 500
const usualHeartbeat = 5_000

/**
 * All channels of this process over one connection, which is opened for the first of them and again for as long as it is
 * not closed. One that has gone without a word (a cut cable, a forgetful router) is found out by a question now and then.
 */
export function openNotifications(options: NotificationOptions): Notifications {
  const { heartbeat = usualHeartbeat, log } = options
  const channels = new Map<string, Set<Follower>>()
  let line: Line | undefined
  let first: Promise<void> | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const opened = new pg.Client({
      connectionString: options.url,
      application_name: 'tekup-listen',
      query_timeout: heartbeat,
      ...reachable,
    })
    opened.on('error', () => undefined)
    opened.on('end', () => lost(opened))
    opened.on('notification', (message) => hear(opened, message))
    await opened.connect()
    const ask = inTurn(opened)
    for (const channel of channels.keys()) await ask(`LISTEN ${pg.escapeIdentifier(channel)}`)
    line = { client: opened, ask }
    if (closed) return opened.end()
    keepAsking(line, heartbeat)
  }
  const hear = (opened: pg.Client, { channel, payload, processId }: pg.Notification): void => {
    if (processId === processOf(opened)) return
    channels.get(channel)?.forEach((follower) => follower.onNotification(payload ?? ''))
  }
  const tellHearing = (hearing: boolean): void => {
    if (closed) return
    for (const followers of channels.values()) for (const follower of followers) follower.onHearing(hearing)
  }
  const lost = (opened: pg.Client): void => {
    if (line?.client === opened) line = undefined
    tellHearing(false)
    if (!closed) options.onLost?.()
    retry()
  }
  const retry = (): void => {
    if (closed || timer) return
    timer = setTimeout(() => {
      timer = undefined
      connect().then(() => tellHearing(true), complain)
    }, retryMs)
    timer.unref()
  }
  const complain = (error: unknown): void => {
    log?.warn({ err: error }, 'cannot listen for changes; trying again')
    retry()
  }
  const begin = (): Promise<void> => (first ??= connect().catch(complain))
  /** Where the connection breaks meanwhile, the next one listens on everything that is followed. */
  const say = async (command: 'LISTEN' | 'UNLISTEN', channel: string): Promise<void> => {
    await begin()
    await line?.ask(`${command} ${pg.escapeIdentifier(channel)}`).catch(() => undefined)
  }
  return {
    follow: (channel, follower) => {
      const known = channels.get(channel)
      const followers = known ?? new Set()
      channels.set(channel, followers.add(follower))
      return {
        ready: known ? begin() : say('LISTEN', channel),
        end: () => {
          followers.delete(follower)
          if (followers.size > 0 || !channels.delete(channel) || closed) return
          void say('UNLISTEN', channel)
        },
      }
    },
    notify: async (channel, payloads) => {
      await begin()
      if (!line) throw new Error('There is no connection to say it over.')
      await line.ask('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [channel, payloads])
    },
    close: async () => {
      closed = true
      clearTimeout(timer)
      await first
      await line?.client.end().catch(() => undefined)
    },
  }
}

type Ask = (text: string, values?: unknown[]) => Promise<unknown>

/** The connection, and how something is asked over it. */
interface Line {
  readonly client: pg.Client
  readonly ask: Ask
}

/** One statement after the other: `pg` takes the next one only once the one before is answered. */
function inTurn(client: pg.Client): Ask {
  let before: Promise<unknown> = Promise.resolve()
  return (text, values) => {
    const answer = before.then(() => client.query(text, values))
    before = answer.catch(() => undefined)
    return answer
  }
}

function keepAsking({ client, ask }: Line, heartbeat: number): void {
  const timer = setInterval(() => {
    ask('SELECT').catch(() => client.connection.stream.destroy())
  }, heartbeat)
  client.once('end', () => clearInterval(timer))
  timer.unref()
}

/** The server's name for this connection, which stands on what is said over it. */
const processOf = (client: pg.Client): number => (client as unknown as { processID: number }).processID
