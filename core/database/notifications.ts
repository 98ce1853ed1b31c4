import pg from 'pg'
import type { Logger } from '../observability/log.ts'

interface NotificationListener {
  /** Resolves when the first connection listens. */
  readonly ready: Promise<void>
  close(): Promise<void>
}

interface Listening {
  readonly url: string
  readonly channel: string
  readonly log: Logger
  onNotification(payload: string): void
  /** The connection broke (false), or is back after a while in which notifications may have been missed (true). */
  onHearing(hearing: boolean): void
  /** Milliseconds between two questions whether the server is still there, each of which may take as long. */
  readonly heartbeat?: number
}

const retryMs = 500
const usualHeartbeat = 10_000

/**
 * Listens on one channel over a connection of its own, and connects again for as long as it is not closed. A connection
 * that has gone without a word (a cut cable, a forgetful router) is found out by a question now and then.
 */
export function listenForNotifications(listening: Listening): NotificationListener {
  const { heartbeat = usualHeartbeat } = listening
  let client: pg.Client | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const opened = new pg.Client({
      connectionString: listening.url,
      application_name: 'tekup-listen',
      query_timeout: heartbeat,
    })
    client = opened
    opened.on('error', () => undefined)
    opened.on('end', lost)
    opened.on('notification', ({ payload }) => listening.onNotification(payload ?? ''))
    await opened.connect()
    await opened.query(`LISTEN ${pg.escapeIdentifier(listening.channel)}`)
    if (closed) return opened.end()
    keepAsking(opened)
  }
  const keepAsking = (opened: pg.Client): void => {
    const timer = setInterval(() => {
      opened.query('SELECT').catch(() => opened.connection.stream.destroy())
    }, heartbeat)
    opened.once('end', () => clearInterval(timer))
    timer.unref()
  }
  const lost = (): void => {
    if (!closed) listening.onHearing(false)
    retry()
  }
  const retry = (): void => {
    if (closed || timer) return
    timer = setTimeout(() => {
      timer = undefined
      connect().then(
        () => listening.onHearing(true),
        (error: unknown) => {
          listening.log.warn(
            { err: error, channel: listening.channel },
            'cannot listen for changes; trying again',
          )
          retry()
        },
      )
    }, retryMs)
    timer.unref()
  }
  const ready = connect().catch((error: unknown) => {
    listening.log.warn({ err: error, channel: listening.channel }, 'cannot listen for changes; trying again')
    retry()
  })
  return {
    ready,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await ready
      await client?.end().catch(() => undefined)
    },
  }
}
